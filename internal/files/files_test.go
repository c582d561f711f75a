package files_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/ticket"
)

var (
	front = form.Field{Name: "front", Type: form.Image}
	deed  = form.Field{Name: "deed", Type: form.File}
)

// photo is a good one.
var photo = sync.OnceValue(func() []byte {
	return testpicture.WithEXIF(testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85), 1)
})

var pdf = append(append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), 200)...), "\n%%EOF\n"...)

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

// desk is files in a folder, with the tickets beside them.
type desk struct {
	*files.Files
	*recordedBlobs
	store *store.Store
	pool  *postgres.Pool
}

func openDesk(t *testing.T) desk {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	blobs := &recordedBlobs{Blobs: openBlobs(t, "file://"+t.TempDir()), put: map[string]bool{}}
	return desk{files.New(pool, blobs, silent(), files.Hooks{}), blobs, store.New(pool, silent()), pool}
}

// recordedBlobs records what is in a storage, and may be broken.
type recordedBlobs struct {
	files.Blobs
	mu     sync.Mutex // guards put
	put    map[string]bool
	broken error
	cut    error // comes after the bytes were written

	cutPreviews error // comes after a preview was written
}

func (s *recordedBlobs) Put(ctx context.Context, name string, data []byte) error {
	if s.broken != nil {
		return s.broken
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put[name] = true
	cut := s.cut
	if strings.Contains(name, "-") {
		cut = errors.Join(cut, s.cutPreviews)
	}
	return errors.Join(s.Blobs.Put(ctx, name, data), cut)
}

// stored counts the files of which anything is in the storage, also if that is only a preview.
func (s *recordedBlobs) stored() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := map[string]bool{}
	for name := range s.put {
		file, _, _ := strings.Cut(name, "-")
		names[file] = true
	}
	return len(names)
}

func (s *recordedBlobs) Delete(ctx context.Context, name string) error {
	if s.broken != nil {
		return s.broken
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.put, name)
	return s.Blobs.Delete(ctx, name)
}

func (d desk) upload(t *testing.T, user string, field form.Field, data []byte) (files.File, error) {
	t.Helper()
	return d.Add(t.Context(), files.Upload{UserID: user, Field: field, By: ticket.User(user), Body: bytes.NewReader(data), Size: int64(len(data))})
}

func (d desk) add(t *testing.T, user string, field form.Field, data []byte) files.File {
	t.Helper()
	file, err := d.upload(t, user, field, data)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// count is the only number of a row.
func (d desk) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	if err := d.pool.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

func (d desk) execute(t *testing.T, statement string, args ...any) {
	t.Helper()
	if _, err := d.pool.Exec(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func (d desk) submit(t *testing.T, user string, many bool, named ticket.Files) (ticket.Ticket, error) {
	t.Helper()
	return d.store.Submit(t.Context(), ticket.Submission{
		UserID: user, Extra: []byte("{}"), By: ticket.User(user), Key: uuid.NewString(), OneOpen: !many, Files: named,
	})
}

func TestAdd_PictureWithoutMetadata(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	file := d.add(t, "ann", front, photo())
	again, err := d.Get(t.Context(), file.ID)
	if err != nil {
		t.Fatal(err)
	}
	if again.Signals.SHA256 != file.Signals.SHA256 || again.Signals.Hash != file.Signals.Hash || again.Signals.Width != 1200 || again.UserID != "ann" || !again.Picture() {
		t.Errorf("got %+v, want what was kept: %+v", again, file)
	}
	body, err := d.Files.Open(t.Context(), again)
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	data, err := io.ReadAll(body)
	if err != nil || int64(len(data)) != again.Size || bytes.Contains(data, []byte(testpicture.EXIFPlace)) || !bytes.Contains(photo(), []byte(testpicture.EXIFPlace)) {
		t.Errorf("got %d bytes, %v, want %d without the place where it was taken", len(data), err, again.Size)
	}
}

func TestAdd_RefusedFileLeavesNothing(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	heic := append([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), make([]byte, 200)...)
	blurred := testpicture.JPEG(testpicture.Blurred(testpicture.Front(testpicture.Anna, 1200), 0.02), 85)
	strict := form.Field{Name: "front", Type: form.Image, Block: []string{"blurry"}}
	for name, c := range map[string]struct {
		field form.Field
		data  []byte
		want  files.Refusal
	}{
		"nothing":                  {front, nil, files.Empty},
		"HEIC":                     {front, heic, files.HEIC},
		"SVG":                      {front, []byte(`<svg xmlns="http://www.w3.org/2000/svg">` + string(make([]byte, 200)) + `</svg>`), files.NotAPicture},
		"half a photo":             {front, photo()[:len(photo())/2], files.Broken},
		"a small one":              {front, testpicture.JPEG(testpicture.Front(testpicture.Anna, 200), 85), files.FewPixels},
		"a PDF for a picture":      {front, pdf, files.NotAPicture},
		"a picture for a document": {deed, photo(), files.NotADocument},
		"half a document":          {deed, pdf[:len(pdf)-10], files.Broken},
		"a script before a PDF":    {deed, append([]byte("<script>"), pdf...), files.NotADocument},
		"an endless document":      {deed, append(append([]byte("%PDF-"), make([]byte, files.MaxBytes)...), "%%EOF"...), files.TooLarge},
		"blurred, and refused":     {strict, blurred, "blurry"},
	} {
		if _, err := d.upload(t, "ann", c.field, c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if n := d.count(t, "SELECT count(*) FROM files"); n != 0 || d.stored() != 0 {
		t.Errorf("%d rows and %d blobs are left, want none", n, d.stored())
	}
	if file := d.add(t, "ann", front, blurred); len(file.Signals.Warnings()) == 0 {
		t.Error("a blurred photo is kept without a warning")
	}
	if file := d.add(t, "ann", deed, pdf); file.Picture() {
		t.Error("a document passes for a picture")
	}
}

func TestSubmit_FilesOfTicket(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	own, foreign := d.add(t, "ann", front, photo()), d.add(t, "bob", front, photo())
	for name, named := range map[string]ticket.Files{
		"another user's":    {"front": {foreign.ID}},
		"of another field":  {"back": {own.ID}},
		"one that is none":  {"front": {uuid.New()}},
		"one of them wrong": {"front": {own.ID}, "back": {foreign.ID}},
		"one of several":    {"front": {own.ID, foreign.ID}},
	} {
		if _, err := d.submit(t, "ann", false, named); !errors.Is(err, ticket.ErrFile) {
			t.Errorf("%s: got %v, want ErrFile", name, err)
		}
	}
	if n := d.count(t, "SELECT count(*) FROM tickets"); n != 0 {
		t.Errorf("%d tickets were made of files that are not there", n)
	}
	first, err := d.submit(t, "ann", true, ticket.Files{"front": {own.ID}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.submit(t, "ann", true, ticket.Files{"front": {own.ID}}); !errors.Is(err, ticket.ErrFile) {
		t.Errorf("a second open ticket takes the file of the first: %v", err)
	}
	if _, err := d.store.Withdraw(t.Context(), "ann", first.ID); err != nil {
		t.Fatal(err)
	}
	second, err := d.submit(t, "ann", true, ticket.Files{"front": {own.ID}})
	if err != nil {
		t.Fatalf("after the first was withdrawn: %v", err)
	}
	if file, _ := d.Get(t.Context(), own.ID); file.Ticket != second.ID {
		t.Errorf("the file is of ticket %s, want %s", file.Ticket, second.ID)
	}
	for _, made := range []ticket.Ticket{first, second} {
		if found, err := d.OfTicket(t.Context(), made.ID); err != nil || len(found) != 1 || found["front"][0].ID != own.ID {
			t.Errorf("ticket %s names %v, %v; want the file of both", made.ID, found, err)
		}
	}
	if found, err := d.OfTicket(t.Context(), uuid.New()); err != nil || len(found) != 0 {
		t.Errorf("no ticket names %v, %v", found, err)
	}
}

func TestSubmit_RepeatedWithFile(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	sub := ticket.Submission{
		UserID: "ann", Extra: []byte("{}"), By: "user:ann", Key: "once", OneOpen: true,
		Files: ticket.Files{"front": {d.add(t, "ann", front, photo()).ID}},
	}
	first, err := d.store.Submit(t.Context(), sub)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := d.store.Submit(t.Context(), sub); err != nil || again.ID != first.ID {
		t.Errorf("got %s, %v, want the first ticket", again.ID, err)
	}
}

func TestAdd_StorageFails(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.broken = errors.New("no space left on device")
	if _, err := d.upload(t, "ann", front, photo()); !errors.Is(err, files.ErrStorage) {
		t.Errorf("got %v, want ErrStorage", err)
	}
	d.broken, d.cut = nil, errors.New("cut off")
	if _, err := d.upload(t, "ann", front, photo()); !errors.Is(err, files.ErrStorage) {
		t.Errorf("got %v, want ErrStorage", err)
	}
	d.cut = nil
	if n := d.count(t, "SELECT count(*) FROM files WHERE state = 'kept'"); n != 0 || d.stored() != 1 {
		t.Errorf("%d files count as kept and %d blobs lie there, want none and the one that was cut off", n, d.stored())
	}
	d.execute(t, "UPDATE files SET created_at_ms = created_at_ms - 3600001, previewed_at_ms = previewed_at_ms - 3600001")
	d.broken = errors.New("read-only file system")
	if err := d.CollectUnused(t.Context(), files.DefaultAges); !errors.Is(err, files.ErrStorage) {
		t.Errorf("collect: %v, want ErrStorage", err)
	}
	d.broken = nil
	if err := d.CollectUnused(t.Context(), files.DefaultAges); err != nil {
		t.Fatal(err)
	}
	if n := d.count(t, "SELECT count(*) FROM files"); n != 0 || d.stored() != 0 {
		t.Errorf("%d rows and %d blobs are left, want none", n, d.stored())
	}
}

func TestCollectUnused_OnlyUnused(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	named, drafted, forgotten := d.add(t, "ann", front, photo()), d.add(t, "bob", front, photo()), d.add(t, "cy", front, photo())
	if _, err := d.submit(t, "ann", false, ticket.Files{"front": {named.ID}}); err != nil {
		t.Fatal(err)
	}
	d.execute(t, "UPDATE files SET created_at_ms = created_at_ms - $1::bigint, previewed_at_ms = previewed_at_ms - $1::bigint", files.DefaultAges.Unfinished.Milliseconds()+1)
	removed, replaced, young := d.add(t, "bob", deed, pdf), d.add(t, "di", front, photo()), d.add(t, "ed", front, photo())
	sent, err := d.Add(t.Context(), files.Upload{UserID: "flo", Field: deed, By: ticket.Key("sender"), Body: bytes.NewReader(pdf)})
	if err != nil {
		t.Fatal(err)
	}
	d.execute(t, "UPDATE files SET created_at_ms = created_at_ms - $1::bigint, previewed_at_ms = previewed_at_ms - $1::bigint WHERE id <> $2", files.DefaultAges.Unfinished.Milliseconds()+1, young.ID)
	again := d.add(t, "di", front, photo())
	for _, file := range []files.File{drafted, forgotten, removed, replaced, again} {
		if err := d.AddToDraft(t.Context(), file.UserID, uuid.NewString(), file); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.RemoveFromDraft(t.Context(), "bob", "deed"); err != nil {
		t.Fatal(err)
	}
	d.execute(t, "UPDATE drafts SET updated_at_ms = updated_at_ms - $1::bigint WHERE user_id = 'cy'", files.DefaultAges.Draft.Milliseconds()+1)
	d.execute(t, "ALTER TABLE files DISABLE TRIGGER files_guard")
	d.execute(t, "UPDATE files SET ticket_id = NULL WHERE id = $1", named.ID) // ticket_files still names it
	d.execute(t, "ALTER TABLE files ENABLE TRIGGER files_guard")
	if err := d.CollectUnused(t.Context(), files.DefaultAges); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]files.File{
		"a ticket's": named, "a draft's": drafted, "a young one": young, "of another system": sent, "one in the place of another": again,
	} {
		if _, err := d.Get(t.Context(), file.ID); err != nil {
			t.Errorf("%s: %v, want it kept", name, err)
		}
	}
	for name, file := range map[string]files.File{"of a forgotten draft": forgotten, "removed": removed, "replaced": replaced} {
		if _, err := d.Get(t.Context(), file.ID); !errors.Is(err, files.ErrNotFound) {
			t.Errorf("%s: %v, want none", name, err)
		}
	}
	if rows := d.count(t, "SELECT count(*) FROM files"); rows != 5 || d.stored() != 5 {
		t.Errorf("%d rows and %d blobs are left, want 5", rows, d.stored())
	}
}

// atOnce deletes what it may, however young that is.
var atOnce = files.Ages{Draft: time.Hour, Withdrawn: -time.Hour, Unfinished: -time.Hour}

func TestCollectUnused_DraftStartedOver(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	file := d.add(t, "ann", front, photo())
	if err := d.AddToDraft(t.Context(), file.UserID, uuid.NewString(), file); err != nil {
		t.Fatal(err)
	}
	if err := d.DeleteDraft(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	if err := d.CollectUnused(t.Context(), atOnce); err != nil {
		t.Fatal(err)
	}
	if rows := d.count(t, "SELECT count(*) FROM files"); rows != 0 || d.stored() != 0 {
		t.Errorf("%d rows and %d blobs are left, want none", rows, d.stored())
	}
}

func TestCollectUnused_WithdrawnTickets(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	submit := func(user string, named ticket.Files) ticket.Ticket {
		t.Helper()
		made, err := d.submit(t, user, true, named)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	withdraw := func(made ticket.Ticket) {
		t.Helper()
		if _, err := d.store.Withdraw(t.Context(), made.UserID, made.ID); err != nil {
			t.Fatal(err)
		}
	}
	gone, shared, other := d.add(t, "ann", front, photo()), d.add(t, "bob", front, photo()), d.add(t, "cy", front, photo())
	first := submit("ann", ticket.Files{"front": {gone.ID}})
	withdraw(first)
	withdraw(submit("bob", ticket.Files{"front": {shared.ID}}))
	submit("bob", ticket.Files{"front": {shared.ID}})
	drafted := d.add(t, "di", front, photo())
	withdraw(submit("di", ticket.Files{"front": {drafted.ID}}))
	if err := d.AddToDraft(t.Context(), drafted.UserID, uuid.NewString(), drafted); err != nil {
		t.Fatal(err)
	}
	submit("cy", ticket.Files{"front": {other.ID}})
	if err := d.CollectUnused(t.Context(), files.DefaultAges); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Get(t.Context(), gone.ID); err != nil {
		t.Errorf("right after it was withdrawn: %v, want it there", err)
	}
	if err := d.CollectUnused(t.Context(), atOnce); err != nil {
		t.Fatal(err)
	}
	if found, err := d.OfTicket(t.Context(), first.ID); err != nil || len(found) != 0 {
		t.Errorf("the withdrawn ticket has %v, %v, want nothing", found, err)
	}
	if n := d.count(t, "SELECT count(*) FROM ticket_files WHERE ticket_id = $1", first.ID); n != 1 {
		t.Errorf("%d rows say which file it named, want 1", n)
	}
	if n := d.count(t, "SELECT count(*) FROM files WHERE id = $1 AND state = 'gone' AND sha256 = '' AND phash IS NULL AND signals = '{}'", gone.ID); n != 1 {
		t.Error("the row tells what the file was")
	}
	for name, file := range map[string]files.File{"named by an open one, too": shared, "in a draft again": drafted, "of an open one": other} {
		if _, err := d.Get(t.Context(), file.ID); err != nil {
			t.Errorf("%s: %v, want it kept", name, err)
		}
	}
	if d.stored() != 3 {
		t.Errorf("%d blobs are left, want 3", d.stored())
	}
	if err := d.DeleteDraft(t.Context(), "di"); err != nil {
		t.Fatal(err)
	}
	if err := d.CollectUnused(t.Context(), atOnce); err != nil {
		t.Fatal(err)
	}
	if d.stored() != 2 {
		t.Errorf("%d blobs are left when the draft is gone, want 2", d.stored())
	}
}

func TestDeleteMarked_YoungFileStaysMarked(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	file, other := d.add(t, "ann", deed, pdf), d.add(t, "bob", deed, pdf)
	d.execute(t, "UPDATE files SET state = 'going'")
	if err := d.DeleteMarked(t.Context(), "ann", time.Hour); err != nil {
		t.Fatal(err)
	}
	if n := d.count(t, "SELECT count(*) FROM files WHERE id = ANY ($1)", []uuid.UUID{file.ID, other.ID}); n != 2 || d.stored() != 1 {
		t.Errorf("%d rows and %d blobs are left, want both rows, and the blob of the other user", n, d.stored())
	}
}

// useUp makes a user have done so much of a kind today.
func (d desk) useUp(t *testing.T, user, kind string, used int) {
	t.Helper()
	d.execute(t, "INSERT INTO daily_counts (user_id, kind, used) VALUES ($1, $2, $3) ON CONFLICT (user_id, kind) DO UPDATE SET used = $3", user, kind, used)
}

func TestAdd_TooManyInADay(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.useUp(t, "ann", "files", files.MaxPerDay-2)
	named := d.add(t, "ann", deed, pdf)
	if _, err := d.submit(t, "ann", true, ticket.Files{"deed": {named.ID}}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.upload(t, "ann", deed, nil); !errors.Is(err, files.Empty) {
		t.Errorf("an empty file: got %v", err)
	}
	unread := strings.NewReader("not read")
	if _, err := d.Add(t.Context(), files.Upload{UserID: "ann", Field: deed, By: "user:ann", Body: unread}); !errors.Is(err, files.ErrTooMany) || unread.Len() == 0 {
		t.Errorf("file 101, after one was submitted and one refused: got %v, want ErrTooMany before it is read", err)
	}
	d.add(t, "bob", deed, pdf)
	d.execute(t, "UPDATE daily_counts SET since_ms = since_ms - 86400000")
	d.add(t, "ann", deed, pdf)
	if n := d.count(t, "SELECT used FROM daily_counts WHERE user_id = 'ann' AND since_ms > now_ms() - 60000"); n != 1 {
		t.Errorf("a day later %d files are counted, want 1", n)
	}
	if err := d.CollectUnused(t.Context(), files.DefaultAges); err != nil {
		t.Fatal(err)
	}
	if n := d.count(t, "SELECT count(*) FROM daily_counts WHERE user_id = 'bob'"); n != 0 {
		t.Error("the count of a day that is over is kept")
	}
}

func TestSaveDraft_TooOftenInADay(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.useUp(t, "ann", "draft_writes", files.MaxDraftsPerDay-1)
	draft := files.Draft{SubmissionID: uuid.NewString(), Answers: form.Input{"a": {"typed"}}}
	saveDraft(t, d, "ann", draft, true)
	if err := d.DeleteDraft(t.Context(), "ann"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SaveDraft(t.Context(), "ann", draft); !errors.Is(err, files.ErrTooManyDrafts) {
		t.Errorf("once more: got %v, want ErrTooManyDrafts", err)
	}
	if n := d.count(t, "SELECT count(*) FROM drafts"); n != 0 {
		t.Error("it was saved")
	}
	d.execute(t, "UPDATE daily_counts SET since_ms = now_ms() - 86400000")
	saveDraft(t, d, "ann", draft, true) // the day is over
}

// The files of a form arrive one after the other, so the time limit of the request may be over when one begins.
func TestAdd_RequestIsOver(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Add(ctx, files.Upload{UserID: "ann", Field: deed, By: "user:ann", Body: bytes.NewReader(pdf)}); err != nil {
		t.Error(err)
	}
}

func TestAdd_FailuresDoNotCount(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.broken = errors.New("input/output error")
	for range 100 {
		if _, err := d.upload(t, "ann", deed, pdf); !errors.Is(err, files.ErrStorage) {
			t.Fatalf("got %v, want ErrStorage", err)
		}
	}
	d.broken = nil
	d.add(t, "ann", deed, pdf)
}

func TestDraft_UntilItIsSent(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	id := uuid.NewString()
	file := d.add(t, "ann", front, photo())
	if err := d.AddToDraft(t.Context(), file.UserID, id, file); err != nil {
		t.Fatal(err)
	}
	draft, err := d.Draft(t.Context(), "ann")
	if err != nil || draft.SubmissionID != id || draft.Version == 0 || draft.Answers.Text("front") != file.ID.String() {
		t.Fatalf("got %v, %v, want the file", draft, err)
	}
	draft.Answers.Set("a", "typed")
	saveDraft(t, d, "ann", draft, true)
	if other, err := d.Draft(t.Context(), "bob"); err != nil || other.SubmissionID != "" {
		t.Errorf("bob has %v, %v, want nothing", other, err)
	}
	sub := ticket.Submission{UserID: "ann", Extra: []byte("{}"), By: "user:ann", Key: id, Files: ticket.Files{"front": {file.ID}}}
	if _, err := d.store.Submit(t.Context(), sub); err != nil {
		t.Fatal(err)
	}
	if draft, err := d.Draft(t.Context(), "ann"); err != nil || draft.SubmissionID != "" {
		t.Errorf("after it was sent: %v, %v, want nothing", draft, err)
	}
	saveDraft(t, d, "ann", files.Draft{SubmissionID: uuid.NewString(), Answers: form.Input{"a": {"next"}}}, true)
	if draft, _ := d.Draft(t.Context(), "ann"); draft.Answers.Text("front") != "" || draft.Answers.Text("a") != "next" {
		t.Errorf("the next draft is %v, want no file of the one that was sent", draft)
	}
}

func TestDraft_NotReplacedByOlder(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	sent, id := uuid.NewString(), uuid.NewString()
	if _, err := d.store.Submit(t.Context(), ticket.Submission{UserID: "ann", Extra: []byte("{}"), By: "user:ann", Key: sent}); err != nil {
		t.Fatal(err)
	}
	saveDraft(t, d, "ann", files.Draft{SubmissionID: sent, Answers: form.Input{"a": {"sent"}}}, false)
	saveDraft(t, d, "ann", files.Draft{SubmissionID: id, Answers: form.Input{"a": {"first"}}}, true)
	draft, err := d.Draft(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	saveDraft(t, d, "ann", files.Draft{SubmissionID: id, Answers: form.Input{"a": {"made at the same time"}}}, false)
	older := draft
	draft.Answers = form.Input{"a": {"second"}}
	saveDraft(t, d, "ann", draft, true)
	saveDraft(t, d, "ann", older, false)
	if err := d.AddToDraft(t.Context(), "ann", sent, d.add(t, "ann", front, photo())); err != nil {
		t.Fatal(err)
	}
	if err := d.DeleteSentDraft(t.Context(), "ann", sent); err != nil {
		t.Fatal(err)
	}
	if kept, err := d.Draft(t.Context(), "ann"); err != nil || kept.SubmissionID != id || kept.Answers.Text("a") != "second" || kept.Answers.Has("front") {
		t.Errorf("the draft is %v, %v, want the second of %s", kept, err, id)
	}
}

func saveDraft(t *testing.T, d desk, userID string, draft files.Draft, want bool) {
	t.Helper()
	if saved, err := d.SaveDraft(t.Context(), userID, draft); err != nil || saved != want {
		t.Errorf("save %v: %v, %v; want %v", draft, saved, err, want)
	}
}

func TestAdd_AnnouncedSizeIsNotTrusted(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	_, err := d.Add(t.Context(), files.Upload{UserID: "ann", Field: deed, By: "user:ann", Body: strings.NewReader("x"), Size: 1 << 44})
	if !errors.Is(err, files.Empty) {
		t.Errorf("one byte of 16 TiB: got %v, want Empty", err)
	}
}

var largeDocument = slices.Concat(pdf, make([]byte, 9<<20), []byte("%%EOF"))

// startUploads begins so many uploads of a user that stop after more than is kept in memory, and returns how to go on with them.
func (d desk) startUploads(t *testing.T, user string, uploads int) (finish func()) {
	t.Helper()
	began, stop := make(chan struct{}, 2*uploads), make(chan struct{})
	var waiting sync.WaitGroup
	for range uploads {
		body := io.MultiReader(bytes.NewReader(largeDocument[:2<<20]), &blockedBody{began, stop}, bytes.NewReader(largeDocument[2<<20:]))
		waiting.Go(func() {
			if _, err := d.Add(t.Context(), files.Upload{UserID: user, Field: deed, By: ticket.User(user), Body: body}); err != nil {
				t.Errorf("%s: %v", user, err)
				began <- struct{}{}
			}
		})
	}
	for range uploads {
		<-began
	}
	return func() { close(stop); waiting.Wait() }
}

func TestAdd_WhileOthersAreSlow(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	for i := range 10 {
		defer d.startUploads(t, strconv.Itoa(i), 4)()
	}
	d.add(t, "ann", deed, largeDocument)
	d.add(t, "ann", front, photo())
}

func TestAdd_ManyOfOneUserAtOnce(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	d.startUploads(t, "ann", 8)()
	if n := d.count(t, "SELECT count(*) FROM files WHERE state = 'kept'"); n != 8 {
		t.Errorf("%d files are kept, want 8", n)
	}
}

// blockedBody says when it is read, and ends when stop is closed.
type blockedBody struct {
	began chan<- struct{}
	stop  <-chan struct{}
}

func (h *blockedBody) Read([]byte) (int, error) {
	h.began <- struct{}{}
	<-h.stop
	return 0, io.EOF
}
