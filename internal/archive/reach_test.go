package archive_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/archive"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/internal/transfer"
)

// upload stores a photo of a user.
func upload(t *testing.T, s *testsite.Site, user string) files.File {
	t.Helper()
	file, err := s.Instances[0].Files.Add(t.Context(), files.Upload{
		UserID: user, Field: form.Field{Name: "document_front", Type: form.Image}, By: ticket.User(user),
		Body: bytes.NewReader(testpicture.JPEG(testpicture.Front(testpicture.Anna, 600), 85)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// archivedWithPhoto is a rejected ticket of a user with a photo, which is in the archive, and a newer one, which is not.
func archivedWithPhoto(t *testing.T, s *testsite.Site, user string) (old, newest ticket.Ticket, photo files.File) {
	t.Helper()
	photo = upload(t, s, user)
	old = decide(t, s, submit(t, s, ticket.Submission{
		UserID: user, Extra: []byte(`{"full_name": "needle", "amount": 7, "document_front": "` + photo.ID.String() + `"}`), Whole: []string{"=b1234567"},
		Identities: []ticket.Identity{{Hash: []byte("person")}}, Files: ticket.Files{"document_front": {photo.ID}},
	}), ticket.Reject("agent:a", "blurry", "needle in the comment", "needle in the note"))
	newest = submit(t, s, ticket.Submission{UserID: user})
	s.PassDays(t, 401)
	if got := run(t, s, 400); got.Moved != 1 {
		t.Fatalf("moved %+v, want one", got)
	}
	return old, newest, photo
}

func TestArchived_Found(t *testing.T) {
	t.Parallel()
	s := start(t)
	old, newest, _ := archivedWithPhoto(t, s, "ann")
	desk := s.Instances[0].Desk
	ids := func(list ticket.List, err error) (ids []uuid.UUID) {
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range list.Tickets {
			ids = append(ids, found.ID)
		}
		return ids
	}
	first, err := desk.TicketsOf(t.Context(), "ann", ticket.Page{Limit: 1})
	if got := ids(first, err); !slices.Equal(got, []uuid.UUID{newest.ID}) || first.Next.IsZero() {
		t.Errorf("the first page of the user: %v, next %v; want the newest and another page", got, first.Next)
	}
	if got := ids(desk.TicketsOf(t.Context(), "ann", ticket.Page{Limit: 1, After: first.Next})); !slices.Equal(got, []uuid.UUID{old.ID}) {
		t.Errorf("the second page of the user: %v, want the archived one", got)
	}
	for what, search := range map[string]ticket.Search{
		"the number of a document": {Whole: []string{"=b1234567"}}, "the user": {UserID: "ann"}, "the id": {ID: old.ID},
	} {
		search.Words, search.Limit, search.From, search.To = []string{"nobody"}, 10, time.Now().AddDate(0, 0, -1), time.Now()
		if got := ids(desk.Search(t.Context(), search)); !slices.Contains(got, old.ID) {
			t.Errorf("by %s: %v, want the archived one", what, got)
		}
	}
	for newestFirst, closed := range map[bool]ticket.Query{
		true: {Newest: true}, false: {},
	} {
		closed.UserID, closed.Status, closed.Limit = "ann", ticket.Rejected, 10
		closed.From, closed.To = old.UpdatedAt.Add(-time.Hour), old.UpdatedAt.Add(time.Hour)
		if got := ids(desk.Queue(t.Context(), closed)); !slices.Equal(got, []uuid.UUID{old.ID}) {
			t.Errorf("rejected ones of the user, newest first %v: %v, want the archived one", newestFirst, got)
		}
	}
}

func TestArchived_CountsForRules(t *testing.T) {
	t.Parallel()
	s := start(t)
	archivedWithPhoto(t, s, "ann")
	evaluated := func(user string) (seen ticket.Others) {
		submit(t, s, ticket.Submission{
			UserID: user, CountSamePerson: true, Identities: []ticket.Identity{{Hash: []byte("person")}},
			Windows: []ticket.Window{
				{Name: "count", Status: "rejected", Length: 500 * 24 * time.Hour},
				{Name: "recent", Status: "rejected", Length: 24 * time.Hour},
			},
			Evaluate: func(others ticket.Others) ticket.Evaluation { seen = others; return ticket.Evaluation{} },
		})
		return seen
	}
	got := evaluated("ann")
	if got.Counts[ticket.Rejected] != 1 || got.Windows["count"] != 1 || got.Windows["recent"] != 0 || got.SamePerson != 0 {
		t.Errorf("the user's earlier tickets: %+v, want the archived one among them", got)
	}
	if got := evaluated("bob"); got.Counts[ticket.Rejected] != 0 || got.SamePerson != 1 {
		t.Errorf("of another user: %+v, want one other with the same identity", got)
	}
}

func TestArchived_FilesStay(t *testing.T) {
	t.Parallel()
	s := start(t)
	old, _, photo := archivedWithPhoto(t, s, "ann")
	if _, err := s.Instances[0].Primary.Exec(t.Context(), "UPDATE files SET state = 'going', ticket_id = NULL"); err == nil {
		t.Error("the photo of an archived ticket was marked to be deleted")
	}
	exec(t, s, "DO $$ BEGIN SET LOCAL session_replication_role = replica; UPDATE files SET ticket_id = NULL; END $$") // as if a later attempt was withdrawn
	if err := s.Instances[0].Files.CollectUnused(t.Context(), files.DefaultAges); err != nil {
		t.Fatal(err)
	}
	named, err := s.Instances[0].Files.OfTicket(t.Context(), old.ID)
	if err != nil || len(named) != 1 || len(named["document_front"]) != 1 || named["document_front"][0].ID != photo.ID {
		t.Errorf("files of the archived ticket after a sweep: %+v, %v; want its photo", named, err)
	}
}

func TestArchived_Exported(t *testing.T) {
	t.Parallel()
	s := start(t)
	ctx, primary := t.Context(), s.Instances[0].Primary
	decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), reject)
	revoked := decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), approve)
	if _, err := s.Instances[0].Desk.Revoke(ctx, revoked.ID, revoked.Version, ticket.Revocation{By: "agent:a", Reason: "blurry", Class: ticket.Retry}); err != nil {
		t.Fatal(err)
	}
	noted := submit(t, s, ticket.Submission{UserID: "ann"})
	exec(t, s, `INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, text) VALUES (gen_random_uuid(), 'ann', $1, 'commented', 'agent:a', 'look at the date')`, noted.ID)
	exec(t, s, `INSERT INTO verdicts (user_id, ticket_id, rule, hash, shadow, outcome, at_ms) VALUES ('ann', $1, 'r', 'h', true, 'approve', 1)`, noted.ID)
	exec(t, s, `INSERT INTO opinions (user_id, ticket_id, ordinal, given_by, verdict, grant_extra) VALUES ('ann', $1, 1, 'agent:b', 'approved', '{"a": null}')`, noted.ID)
	decide(t, s, noted, approve)
	decide(t, s, submit(t, s, ticket.Submission{UserID: "ann"}), approve)
	export := func() string {
		var out bytes.Buffer
		if _, err := transfer.Export(ctx, primary, nil, "ann", &out, func(int64) {}); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	before := export()
	s.PassDays(t, 401)
	if got := run(t, s, 400); got.Moved != 3 {
		t.Fatalf("moved %+v, want three", got)
	}
	if after := export(); after != before {
		t.Errorf("exported from the archive:\n%s\nwant\n%s", after, before)
	}
}

func TestArchived_Erased(t *testing.T) {
	t.Parallel()
	s := start(t)
	old, _, photo := archivedWithPhoto(t, s, "ann")
	done, _, err := s.Instances[0].Erasures.EraseUser(t.Context(), "ann", "cli", "request")
	if err != nil || done.Tickets != 2 || done.Files != 1 {
		t.Fatalf("erased %+v, %v; want two tickets and a file", done, err)
	}
	if n := count(t, s, "SELECT count(*) FROM archived_tickets a WHERE a::text LIKE '%needle%' OR words <> ''"); n != 0 {
		t.Error("the archive still has what was erased")
	}
	if n := count(t, s, "SELECT count(*) FROM files WHERE id = $1 AND state = 'kept'", photo.ID); n != 0 {
		t.Error("the photo is still there")
	}
	history, err := s.Instances[0].Desk.History(t.Context(), old.ID)
	if err != nil || len(history) != 3 || history[2].Kind != ticket.EventErased || history[2].Version != 3 {
		t.Errorf("history %+v, %v; want an erasure at its end", history, err)
	}
	if got, err := s.Instances[0].Desk.Ticket(t.Context(), old.ID); err != nil || !got.Erased() || got.Version != 3 {
		t.Errorf("the ticket: %+v, %v; want it erased", got, err)
	}
	checkWhole(t, s)
}

func TestArchived_Retention(t *testing.T) {
	t.Parallel()
	s := start(t)
	old, _, _ := archivedWithPhoto(t, s, "ann")
	e, retain, now := s.Instances[0].Erasures, form.Retain{Rejected: form.Period{Years: 1}}, time.Now().AddDate(0, 0, 401)
	held := func(want int64) {
		t.Helper()
		found, err := e.EraseDue(t.Context(), retain, now)
		if err != nil || len(found) != 1 || found[0].Count != want {
			t.Errorf("erased %+v, %v; want %d", found, err, want)
		}
	}
	if _, err := e.AddHold(t.Context(), "ann", "cli", "a lawsuit"); err != nil {
		t.Fatal(err)
	}
	held(0)
	exec(t, s, "DELETE FROM holds")
	held(1)
	held(0)
	if got, err := s.Instances[0].Desk.Ticket(t.Context(), old.ID); err != nil || !got.Erased() {
		t.Errorf("the ticket: %+v, %v; want it erased", got, err)
	}
	checkWhole(t, s)
}

func TestDropMonth(t *testing.T) {
	t.Parallel()
	s := start(t)
	old, _, photo := archivedWithPhoto(t, s, "ann")
	exec(t, s, "INSERT INTO file_views (user_id, file_id, actor) VALUES ('ann', $1, 'agent:a')", photo.ID)
	archived, month := s.Instances[0].Archive, old.CreatedAt.UTC().Format("2006-01")
	months, err := archived.Months(t.Context())
	if err != nil || len(months) != 1 || months[0].Name != month || months[0].Tickets != 1 || months[0].Bytes == 0 {
		t.Fatalf("months %+v, %v; want one ticket in %s", months, err, month)
	}
	if _, err := archived.DropMonth(t.Context(), "1999-01", false); !errors.Is(err, archive.ErrNoMonth) {
		t.Errorf("a month that is not there: %v, want ErrNoMonth", err)
	}
	want := archive.Dropped{Tickets: 1, Users: 1, Files: 1}
	drop := func(dry bool) (archive.Dropped, error) { return archived.DropMonth(t.Context(), month, dry) }
	if got, err := drop(true); err != nil || got != want {
		t.Errorf("only counted: %+v, %v; want %+v", got, err, want)
	}
	if _, err := s.Instances[0].Erasures.AddHold(t.Context(), "ann", "cli", "a lawsuit"); err != nil {
		t.Fatal(err)
	}
	if got, err := drop(false); !errors.Is(err, archive.ErrHeld) || got.Held != 1 {
		t.Errorf("on hold: %+v, %v; want ErrHeld", got, err)
	}
	exec(t, s, "DELETE FROM holds")
	if got, err := drop(false); err != nil || got != want {
		t.Errorf("dropped %+v, %v; want %+v", got, err, want)
	}
	if _, err := s.Instances[0].Desk.Ticket(context.WithoutCancel(t.Context()), old.ID); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("the ticket after that: %v, want ErrNotFound", err)
	}
	if n := count(t, s, "SELECT count(*) FROM files WHERE id = $1 AND state = 'kept'", photo.ID); n != 0 {
		t.Error("the photo is still kept")
	}
	if n := count(t, s, "SELECT count(*) FROM archived_counts"); n != 0 {
		t.Error("rules still count what was dropped")
	}
	checkWhole(t, s)
}

// TestDropMonth_Reads: while a month with many files is deleted, which takes minutes, the archive is read, and nobody is erased in it.
func TestDropMonth_Reads(t *testing.T) {
	t.Parallel()
	s := start(t)
	old, _, photo := archivedWithPhoto(t, s, "ann")
	primary := s.Instances[0].Primary
	holder, err := primary.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := holder.Exec(t.Context(), "SELECT FROM files WHERE id = $1 FOR UPDATE", photo.ID); err != nil {
		t.Fatal(err)
	}
	dropped := make(chan error, 1)
	go func() {
		_, err := primary.Exec(t.Context(), "SELECT archive_drop($1, false)", old.CreatedAt.UTC().Format("2006-01"))
		dropped <- err
	}()
	for count(t, s, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0 {
		select {
		case err := <-dropped:
			t.Fatalf("the month was deleted: %v; want it to wait for the file", err)
		default:
		}
	}
	soon := func(query string) error {
		return pgx.BeginFunc(t.Context(), primary, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), "SET LOCAL lock_timeout = '100ms'"); err != nil {
				return err
			}
			tag, err := tx.Exec(t.Context(), query, old.ID)
			if err == nil && tag.RowsAffected() != 1 {
				t.Errorf("%s: %s, want one row", query, tag)
			}
			return err
		})
	}
	if err := soon("SELECT FROM archived_tickets WHERE id = $1"); err != nil {
		t.Errorf("the archive is not read meanwhile: %v", err)
	}
	if err := soon("SELECT FROM archived_tickets WHERE id = $1 FOR UPDATE"); err == nil || !strings.Contains(err.Error(), "SQLSTATE 55P03") {
		t.Errorf("to lock a ticket of the month: %v, want SQLSTATE 55P03", err)
	}
	if err := holder.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-dropped; err != nil {
		t.Error(err)
	}
	if n := count(t, s, "SELECT count(*) FROM archived_tickets"); n != 0 {
		t.Errorf("%d tickets are left", n)
	}
	checkWhole(t, s)
}
