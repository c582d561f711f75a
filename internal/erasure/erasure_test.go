package erasure_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/consistency"
	"docket/internal/erasure"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
)

const by = "cli"

func start(t *testing.T) *testsite.Site {
	t.Helper()
	return testsite.Start(t, testsite.Form(), 1, testdb.New(t))
}

// upload stores a photo of a user.
func upload(t *testing.T, s *testsite.Site, user string) files.File {
	t.Helper()
	photo := testpicture.JPEG(testpicture.Front(testpicture.Anna, 600), 85)
	file, err := s.Instances[0].Files.Add(t.Context(), files.Upload{
		UserID: user, Field: form.Field{Name: "document_front", Type: form.Image}, By: ticket.User(user), Body: bytes.NewReader(photo),
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// submit adds a ticket whose answers have a marker, with a photo unless file is zero.
func submit(t *testing.T, s *testsite.Site, user, marker string, file files.File) ticket.Ticket {
	t.Helper()
	answers, named := map[string]string{"full_name": marker}, ticket.Files{}
	if file.ID != uuid.Nil {
		answers["document_front"], named["document_front"] = file.ID.String(), []uuid.UUID{file.ID}
	}
	extra, err := json.Marshal(answers)
	if err != nil {
		t.Fatal(err)
	}
	made, err := s.Instances[0].Desk.Submit(t.Context(), ticket.Submission{
		UserID: user, Extra: extra, FormVersion: "f", By: ticket.User(user), Key: uuid.NewString(), OneOpen: true, Files: named,
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func decide(t *testing.T, s *testsite.Site, of ticket.Ticket, d ticket.Decision) ticket.Ticket {
	t.Helper()
	decided, err := s.Instances[0].Desk.Decide(t.Context(), of.ID, of.Version, d)
	if err != nil {
		t.Fatal(err)
	}
	return decided
}

func erase(t *testing.T, s *testsite.Site, user string) erasure.Erasure {
	t.Helper()
	done, repeated, err := s.Instances[0].Erasures.EraseUser(t.Context(), user, by, "request")
	if err != nil || repeated {
		t.Fatalf("erase %s: repeated = %v, %v", user, repeated, err)
	}
	return done
}

// checkWhole fails if docket verify finds anything, or the invariant of latest approvals does not hold.
func checkWhole(t *testing.T, p *postgres.Pool) {
	t.Helper()
	ignore := func(int64) {}
	err := report.Verify(t.Context(), p, func(problem string) error {
		t.Errorf("verify: %s", problem)
		return nil
	}, report.Progress{Begin: func(string, int64) {}, Done: ignore})
	if err != nil {
		t.Error(err)
	}
	var holds bool
	if err := p.QueryRow(t.Context(), consistency.Invariant).Scan(&holds); err != nil || !holds {
		t.Errorf("the invariant holds: %v (%v)", holds, err)
	}
}

// findInTables names the tables that have a text.
func findInTables(t *testing.T, p *postgres.Pool, text string) (found []string) {
	t.Helper()
	rows, err := p.Query(t.Context(), "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace")
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	for _, table := range tables {
		var n int
		if err := p.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" AS row WHERE row::text LIKE '%' || $1 || '%'", text).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			found = append(found, table)
		}
	}
	return found
}

// countFiles is how many files lie below a folder.
func countFiles(t *testing.T, dir string) (n int) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEraseUser_Customer(t *testing.T) {
	t.Parallel()
	s := start(t)
	i := s.Instances[0]
	_, user := s.Account(t, "marked-address", account.Customer)
	rejected := decide(t, s, submit(t, s, user, "MARKED-A", upload(t, s, user)), ticket.Reject("agent:a", "blurry", "MARKED-COMMENT", "MARKED-NOTE"))
	approved := decide(t, s, submit(t, s, user, "MARKED-B", upload(t, s, user)), ticket.Approve("agent:a", "MARKED-NOTE"))
	open := submit(t, s, user, "MARKED-C", files.File{})
	if _, err := i.Files.SaveDraft(t.Context(), user, files.Draft{SubmissionID: "d", Answers: form.Input{"full_name": {"MARKED-D"}}}); err != nil {
		t.Fatal(err)
	}
	upload(t, s, user)
	other := decide(t, s, submit(t, s, "other", "OTHER", upload(t, s, "other")), ticket.Approve("agent:a", ""))
	if _, err := i.Desk.Latest(t.Context(), user); err != nil {
		t.Fatal(err)
	}
	if _, err := i.Primary.Exec(t.Context(), "INSERT INTO audit (actor, action, client) SELECT a, 'signed_in', '198.51.100.7' FROM unnest(ARRAY['user:' || $1::text, 'agent:a']) a", user); err != nil {
		t.Fatal(err)
	}

	done := erase(t, s, user)
	if done.Tickets != 3 || done.Files != 3 {
		t.Errorf("erased %d tickets and %d files, want 3 and 3", done.Tickets, done.Files)
	}
	if _, err := i.Desk.Latest(t.Context(), user); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("the look-up after it: %v, want ErrNotFound", err)
	}
	for _, marker := range []string{"MARKED", "marked-address"} {
		if found := findInTables(t, i.Primary, marker); len(found) > 0 {
			t.Errorf("%s is still in %s", marker, strings.Join(found, ", "))
		}
	}
	var rows int
	err := i.Primary.QueryRow(t.Context(), "SELECT count(*) FROM files WHERE user_id = $1 AND (sha256 <> '' OR phash IS NOT NULL OR signals <> '{}' OR readings <> '{}')", user).Scan(&rows)
	if err != nil || rows != 0 {
		t.Errorf("%d rows of files say more than an id (%v), want none", rows, err)
	}
	var clients string
	if err := i.Primary.QueryRow(t.Context(), "SELECT string_agg(actor, ', ') FROM audit WHERE client IS NOT NULL").Scan(&clients); err != nil || clients != "agent:a" {
		t.Errorf("the audit has the addresses of %q (%v), want those of agent:a alone", clients, err)
	}
	for _, before := range []ticket.Ticket{rejected, approved} {
		checkErased(t, s, before)
	}
	after, err := i.Desk.Ticket(t.Context(), open.ID)
	if err != nil || after.Status != ticket.Withdrawn || !after.Erased() {
		t.Errorf("the open ticket is %+v (%v), want withdrawn and erased", after, err)
	}
	var withdrawnBy string
	err = i.Primary.QueryRow(t.Context(), "SELECT actor FROM ticket_events WHERE ticket_id = $1 AND kind = 'withdrawn'", open.ID).Scan(&withdrawnBy)
	if err != nil || withdrawnBy != by {
		t.Errorf("its history says that %q withdrew it (%v), want %q, who erased it", withdrawnBy, err, by)
	}
	if kept, err := i.Desk.Latest(t.Context(), "other"); err != nil || kept.TicketID != other.ID || !strings.Contains(string(kept.Extra), "OTHER") {
		t.Errorf("another user: %+v, %v", kept, err)
	}
	checkWhole(t, i.Primary)
}

// checkErased fails unless a ticket stays as it was but for what was sent with it and said of it.
func checkErased(t *testing.T, s *testsite.Site, before ticket.Ticket) {
	t.Helper()
	after, err := s.Instances[0].Desk.Ticket(t.Context(), before.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := before
	want.Version, want.Extra, want.ErasedAt = before.Version+1, after.Extra, after.ErasedAt
	want.Decision.Comment, want.Decision.Note = "", ""
	if got, wanted := toJSON(t, after), toJSON(t, want); got != wanted || string(after.Extra) != "{}" || !after.Erased() {
		t.Errorf("the erased ticket is\n%s\nwant\n%s", got, wanted)
	}
	history, err := s.Instances[0].Desk.History(t.Context(), before.ID)
	if err != nil || len(history) != 3 {
		t.Fatalf("history: %+v, %v", history, err)
	}
	if last := history[2]; last.Kind != ticket.EventErased || last.Actor != by || last.Reason() != "request" || !last.At.Equal(after.ErasedAt) {
		t.Errorf("the last event is %+v, want the erasure", last)
	}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEraseUser_Bytes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	blobs, err := files.OpenBlobs("file://" + filepath.ToSlash(dir))
	if err != nil {
		t.Fatal(err)
	}
	s := start(t)
	pool := s.Instances[0].Primary
	stored := files.New(pool, &stuckBlobs{Blobs: blobs, stuck: 1}, slog.New(slog.DiscardHandler), files.Hooks{})
	e := erasure.New(pool, func(ticket.Change) {}, stored.DeleteErased)
	s.Instances[0].Files = stored
	decide(t, s, submit(t, s, "u-1", "A", upload(t, s, "u-1")), ticket.Approve("agent:a", ""))
	if n := countFiles(t, dir); n < 2 {
		t.Fatalf("%d files are stored, want a picture and its previews", n)
	}
	if _, repeated, err := e.EraseUser(t.Context(), "u-1", by, "request"); !errors.Is(err, files.ErrStorage) || repeated {
		t.Errorf("with a storage that fails: %v, want ErrStorage", err)
	}
	if _, repeated, err := e.EraseUser(t.Context(), "u-1", by, "request"); err != nil || !repeated {
		t.Errorf("again: repeated = %v, %v", repeated, err)
	}
	if n := countFiles(t, dir); n != 0 {
		t.Errorf("%d files are left, want none", n)
	}
	var rows int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM files WHERE sha256 <> '' OR phash IS NOT NULL OR signals <> '{}' OR readings <> '{}'").Scan(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows of files say more than an id (%v), want none", rows, err)
	}
}

// stuckBlobs fails to delete so many times.
type stuckBlobs struct {
	files.Blobs
	stuck int
}

func (b *stuckBlobs) Delete(ctx context.Context, name string) error {
	if b.stuck--; b.stuck >= 0 {
		return errors.New("stuck")
	}
	return b.Blobs.Delete(ctx, name)
}

func TestEraseUser_Refused(t *testing.T) {
	t.Parallel()
	s := start(t)
	e := s.Instances[0].Erasures
	_, admin := s.Account(t, "admin", account.Admin)
	submit(t, s, "held", "A", files.File{})
	if _, err := e.AddHold(t.Context(), "held", by, "a lawsuit"); err != nil {
		t.Fatal(err)
	}
	for user, want := range map[string]error{"nobody": ticket.ErrNotFound, "held": erasure.ErrHeld, admin: erasure.ErrStaff} {
		if _, _, err := e.EraseUser(t.Context(), user, by, "request"); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", user, err, want)
		}
	}
	if _, _, err := e.EraseUser(t.Context(), "held", by, "spite"); !errors.Is(err, erasure.ErrReason) {
		t.Errorf("another reason: %v, want ErrReason", err)
	}
	if err := e.RemoveHold(t.Context(), "held"); err != nil {
		t.Fatal(err)
	}
	if err := e.RemoveHold(t.Context(), "held"); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("ending it twice: %v, want ErrNotFound", err)
	}
	erase(t, s, "held")
}

func TestEraseUser_BeginAnew(t *testing.T) {
	t.Parallel()
	s := start(t)
	i := s.Instances[0]
	first := decide(t, s, submit(t, s, "u-1", "A", files.File{}), ticket.Approve("agent:a", ""))
	// The removed version is later than any clock: an approval after it is later still.
	ahead := first.UpdatedAt.UnixMilli() + 3_600_000
	erase(t, s, "u-1")
	if _, err := i.Primary.Exec(t.Context(), "UPDATE latest_removed SET version = $1", ahead); err != nil {
		t.Fatal(err)
	}
	again := decide(t, s, submit(t, s, "u-1", "B", files.File{}), ticket.Approve("agent:a", ""))
	latest, err := i.Desk.Latest(ticket.Fresh(t.Context()), "u-1")
	if err != nil || latest.TicketID != again.ID || latest.UpdatedAt.UnixMilli() != ahead+1 {
		t.Errorf("the latest is %+v (%v), want ticket %s of version %d", latest, err, again.ID, ahead+1)
	}
	checkWhole(t, i.Primary)
}

func TestEraseUser_OnlyWay(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.Instances[0].Primary
	of := decide(t, s, submit(t, s, "u-1", "A", upload(t, s, "u-1")), ticket.Reject("agent:a", "blurry", "words", "note"))
	decide(t, s, submit(t, s, "u-2", "B", files.File{}), ticket.Approve("agent:a", ""))
	for _, statement := range []string{
		"UPDATE tickets SET extra = '{}', version = version + 1, erased_at_ms = 1", "DELETE FROM tickets", "UPDATE ticket_events SET comment = ''",
		"DELETE FROM ticket_files", "UPDATE ticket_files SET field = 'x'", "DELETE FROM user_tickets", "INSERT INTO ticket_events (user_id, ticket_id, version, kind, actor, at_ms) VALUES ('u-1', gen_random_uuid(), 1, 'erased', 'x', 1)",
	} {
		if _, err := p.Exec(t.Context(), statement); err == nil {
			t.Errorf("%s is possible", statement)
		}
	}
	// Not even the owner of the tables changes what stays.
	_, err := p.Exec(t.Context(), `DO $$ BEGIN PERFORM set_config('docket.erasing', 'on', true);
		UPDATE tickets SET extra = '{}', decided_at_ms = 1, version = version + 1, erased_at_ms = 1; END $$`)
	if err == nil || !strings.Contains(err.Error(), "changes what stays") {
		t.Errorf("another time of the decision: %v", err)
	}
	if after, err := s.Instances[0].Desk.Ticket(t.Context(), of.ID); err != nil || after.Erased() {
		t.Errorf("the ticket is %+v, %v", after, err)
	}
}

// TestEraseUser_Notified: each instance is told of an erasure.
func TestEraseUser_Notified(t *testing.T) {
	t.Parallel()
	s := start(t)
	submit(t, s, "u-1", "A", files.File{})
	conn, err := s.Instances[0].Primary.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(t.Context(), "LISTEN docket_change; LISTEN docket_erased"); err != nil {
		t.Fatal(err)
	}
	erase(t, s, "u-1")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for told := ""; told != "docket_erased"; { // the submission may be told of, too
		got, err := conn.Conn().WaitForNotification(ctx)
		if err != nil || got.Payload != "u-1" {
			t.Fatalf("got %+v (%v), want u-1 on docket_erased", got, err)
		}
		told = got.Channel
	}
}

// TestEraseUser_NoteOfReopening: another system begins anew for an erased user after an admin has allowed it with a note.
func TestEraseUser_NoteOfReopening(t *testing.T) {
	t.Parallel()
	s := start(t)
	i := s.Instances[0]
	decide(t, s, submit(t, s, "ann", "A", files.File{}), ticket.Reject("agent:a", "blurry", "", ""))
	erase(t, s, "ann")
	if _, err := i.Primary.Exec(t.Context(), "INSERT INTO reopenings (ticket_id, user_id, reopened_by, note) SELECT id, user_id, 'agent:a', 'MARKED' FROM tickets"); err != nil {
		t.Fatal(err)
	}
	erase(t, s, "ann")
	if found := findInTables(t, i.Primary, "MARKED"); len(found) > 0 {
		t.Errorf("the note is still in %v", found)
	}
	checkWhole(t, i.Primary)
}
