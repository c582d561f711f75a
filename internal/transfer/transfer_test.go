package transfer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/app"
	"docket/internal/consistency"
	"docket/internal/erasure"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/report"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testpicture"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/internal/transfer"
)

// place is a database with a file storage.
type place struct {
	url   string
	pool  *postgres.Pool
	blobs files.Blobs
}

func newPlace(t *testing.T) place {
	t.Helper()
	return placeAt(t, testdb.New(t).Primary)
}

func placeAt(t *testing.T, url string) place {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	blobs, err := files.OpenBlobs("file://" + t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return place{url, pool, blobs}
}

func (p place) export(t *testing.T, user string) string {
	t.Helper()
	var out bytes.Buffer
	if _, err := transfer.Export(t.Context(), p.pool, p.blobs, user, &out, func(int64) {}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func (p place) importer(refuse func(transfer.Refused) error) transfer.Importer {
	return transfer.Importer{
		Primary: p.pool, Files: files.New(p.pool, p.blobs, slog.New(slog.DiscardHandler), files.Hooks{}),
		Index:    app.NewIndex(testsite.Form(), secret),
		Refuse:   refuse,
		Progress: func(int64) {},
	}
}

// importLines imports lines and returns what was refused.
func (p place) importLines(t *testing.T, lines string) (done transfer.Imported, refused []transfer.Refused) {
	t.Helper()
	importer := p.importer(func(r transfer.Refused) error { refused = append(refused, r); return nil })
	done, err := importer.Import(t.Context(), strings.NewReader(lines))
	if err != nil {
		t.Fatal(err)
	}
	return done, refused
}

// rows is what a query returns, as text.
func (p place) rows(t *testing.T, query string) string {
	t.Helper()
	var all string
	if err := p.pool.QueryRow(t.Context(), "SELECT coalesce(string_agg(q::text, E'\n' ORDER BY q::text), '') FROM ("+query+") q").Scan(&all); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

// checkUsers checks that every row of a table that can say whose it is does.
func (p place) checkUsers(t *testing.T) {
	t.Helper()
	rows, err := p.pool.Query(t.Context(), "SELECT table_name::text FROM information_schema.columns WHERE column_name = 'user_id' AND table_schema = current_schema()")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		var unknown int
		if err := p.pool.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" WHERE user_id IS NULL").Scan(&unknown); err != nil || unknown > 0 {
			t.Errorf("%d rows of %s do not say whose they are (%v)", unknown, table, err)
		}
	}
}

func (p place) checkWhole(t *testing.T) {
	t.Helper()
	err := report.Verify(t.Context(), p.pool, func(problem string) error {
		t.Errorf("verify: %s", problem)
		return nil
	}, report.Progress{Begin: func(string, int64) {}, Done: func(int64) {}})
	var holds bool
	if err == nil {
		err = p.pool.QueryRow(t.Context(), consistency.Invariant).Scan(&holds)
	}
	if err != nil || !holds {
		t.Errorf("the invariant holds: %v (%v)", holds, err)
	}
}

// source is a place with users to whom everything has happened.
type source struct {
	*testing.T
	place
	desk     *store.Store
	files    *files.Files
	erasures *erasure.Erasures
}

func newSource(t *testing.T) source {
	t.Helper()
	return fillPlace(t, newPlace(t))
}

func fillPlace(t *testing.T, p place) source {
	t.Helper()
	stored := files.New(p.pool, p.blobs, slog.New(slog.DiscardHandler), files.Hooks{})
	s := source{t, p, store.New(p.pool, slog.New(slog.DiscardHandler)), stored, erasure.New(p.pool, func(ticket.Change) {}, stored.DeleteErased)}
	s.fill()
	return s
}

// submit adds a ticket of a user, with a photo unless it is the zero file.
func (s source) submit(user string, photo files.File) ticket.Ticket {
	s.Helper()
	answers, named, signals := map[string]string{"full_name": "Nguyễn " + user}, ticket.Files{}, []string(nil)
	if photo.ID != uuid.Nil {
		answers["document_front"], named["document_front"], signals = photo.ID.String(), []uuid.UUID{photo.ID}, []string{"small"}
	}
	extra, err := json.Marshal(answers)
	if err != nil {
		s.Fatal(err)
	}
	found := app.NewIndex(testsite.Form(), secret)(extra, nil)
	made, err := s.desk.Submit(s.Context(), ticket.Submission{
		UserID: user, Extra: extra, FormVersion: "f", By: ticket.User(user), Key: uuid.NewString(), OneOpen: true, Attempts: 9,
		Files: named, Language: "vi", Words: found.Words, Whole: found.Whole, Signals: signals, Identities: found.Identities,
		Evaluation: ticket.Evaluation{Verdicts: []ticket.Verdict{{Rule: "r", Hash: "h", Shadow: true, Outcome: ticket.OutcomeApprove}}},
	})
	if err != nil {
		s.Fatal(err)
	}
	return made
}

func (s source) upload(user string) files.File {
	s.Helper()
	photo := testpicture.JPEG(testpicture.Front(testpicture.Anna, 600), 85)
	file, err := s.files.Add(s.Context(), files.Upload{
		UserID: user, Field: form.Field{Name: "document_front", Type: form.Image}, By: ticket.User(user), Body: bytes.NewReader(photo),
	})
	if err != nil {
		s.Fatal(err)
	}
	return file
}

func (s source) decide(of ticket.Ticket, d ticket.Decision) ticket.Ticket {
	s.Helper()
	decided, err := s.desk.Decide(s.Context(), of.ID, of.Version, d)
	if err != nil {
		s.Fatal(err)
	}
	return decided
}

func (s source) approve(user string) ticket.Ticket {
	s.Helper()
	return s.decide(s.submit(user, files.File{}), ticket.Approve("agent:a", "seen"))
}

func (s source) revoke(of ticket.Ticket) {
	s.Helper()
	_, err := s.desk.Revoke(s.Context(), of.ID, of.Version, ticket.Revocation{By: "agent:b", Reason: "forged", Class: ticket.Retry, Comment: "It is forged.", Note: "seen elsewhere"})
	if err != nil {
		s.Fatal(err)
	}
}

func (s source) erase(user string) {
	s.Helper()
	if _, _, err := s.erasures.EraseUser(s.Context(), user, "cli", "request"); err != nil {
		s.Fatal(err)
	}
}

func (s source) exec(statement string) {
	s.Helper()
	if _, err := s.pool.Exec(s.Context(), statement); err != nil {
		s.Fatalf("%s: %v", statement, err)
	}
}

func (s source) fill() {
	s.Helper()
	reject := ticket.Reject("agent:a", "blurred", "Please take it again.", "very")
	reject.Rows = []string{"owners.1"}
	s.submit("waits", s.upload("waits"))

	photo := s.upload("again") // of three tickets, one after the other
	s.decide(s.submit("again", photo), reject)
	s.decide(s.submit("again", photo), reject)
	s.decide(s.submit("again", photo), ticket.Approve("agent:a", ""))
	s.approve("again")

	gone := s.submit("withdrawn", s.upload("withdrawn"))
	if _, err := s.desk.Withdraw(s.Context(), "withdrawn", gone.ID); err != nil {
		s.Fatal(err)
	}
	s.exec("UPDATE files SET state = 'going', ticket_id = NULL, sha256 = '' WHERE user_id = 'withdrawn'")
	if err := s.files.DeleteErased(s.Context(), "withdrawn"); err != nil {
		s.Fatal(err)
	}

	bySystem := s.submit("by system", files.File{})
	s.exec("BEGIN; SET LOCAL docket.withdrawn_by_sender = 'yes'; UPDATE tickets SET status = 'withdrawn', version = 2, updated_at_ms = now_ms() WHERE id = '" + bySystem.ID.String() + "'; COMMIT")
	s.approve("revoked")
	s.revoke(s.approve("revoked"))
	s.approve("earlier revoked")
	older := s.approve("earlier revoked")
	s.approve("earlier revoked")
	s.revoke(older)
	s.revoke(s.approve("new after revoked"))
	s.approve("new after revoked")

	s.decide(s.submit("erased", s.upload("erased")), reject)
	s.approve("erased")
	s.revoke(s.approve("erased"))
	s.approve("erased")
	s.erase("erased")
	s.approve("erased")

	s.submit("erased while open", files.File{})
	s.erase("erased while open")
	inTime := s.submit("withdrawn and erased", files.File{})
	if _, err := s.desk.Withdraw(s.Context(), "withdrawn and erased", inTime.ID); err != nil {
		s.Fatal(err)
	}
	s.erase("withdrawn and erased")

	final := ticket.Reject("agent:a", "forged", "No.", "")
	final.Class = ticket.Final
	s.decide(s.submit("reopened", files.File{}), final)
	s.exec("INSERT INTO reopenings (ticket_id, user_id, reopened_by, note) SELECT id, user_id, 'agent:b', 'it was ours' FROM tickets WHERE user_id = 'reopened'")
	s.submit("reopened", files.File{})
	s.exec(`INSERT INTO ticket_notes (id, user_id, ticket_id, kind, actor, text, target, until_ms)
		SELECT gen_random_uuid(), user_id, id, k.kind, 'agent:a', 'call "first"', k.target, k.until_ms FROM tickets,
		(VALUES ('commented', NULL, NULL), ('handed_over', 'team:second', NULL), ('snoozed', NULL, 2000000000000)) AS k (kind, target, until_ms)
		WHERE user_id IN ('waits', 'again')`)
	s.exec(`INSERT INTO opinions (user_id, ticket_id, ordinal, given_by, verdict, reasons, reject_rows, comment, open)
		SELECT user_id, id, 1, 'agent:c', 'rejected', '{blurred,dark}', '{owners.1}', 'Blurred.', status = 'processing' FROM tickets WHERE user_id IN ('waits', 'again')`)
	s.exec("INSERT INTO forms (version, text) VALUES (encode(sha256('name: a'), 'hex'), 'name: a')")
}

var secret = bytes.Repeat([]byte{7}, 32)

// what an import must bring back; numbers of rows and the time at which a removal was noted are its own.
var compared = []string{
	"SELECT * FROM tickets", "SELECT * FROM user_tickets", "SELECT user_id, version FROM latest_removed", "SELECT * FROM ticket_files", "SELECT * FROM ticket_notes",
	"SELECT ticket_id, version, kind, actor, at_ms, reason, reasons, class, comment, note, rule_hash FROM ticket_events", "SELECT * FROM reopenings",
	"SELECT * FROM opinions", "SELECT * FROM verdicts", "SELECT version, text FROM forms", "SELECT user_id, actor, reason, had_account, tickets, files, at_ms FROM erasures",
	"SELECT id, user_id, field, state, media_type, size, sha256, phash, signals, readings, uploaded_by, ticket_id, created_at_ms FROM files WHERE state = 'kept'",
	"SELECT id, user_id, field, media_type, size, uploaded_by, ticket_id, created_at_ms FROM files WHERE state <> 'kept'",
	"SELECT w.* FROM ticket_words w JOIN tickets t ON t.id = w.ticket_id WHERE t.status <> 'withdrawn'", // their pictures are gone, and what was wrong with them
}

// TestTransfer_RoundTrip moves a system: the other one says the same, can say so again, and an import of what is there adds nothing.
func TestTransfer_RoundTrip(t *testing.T) {
	t.Parallel()
	from, to := newSource(t), newPlace(t)
	exported := from.export(t, "")
	done, refused := to.importLines(t, exported)
	if len(refused) > 0 || done.Added == 0 || done.Present > 0 {
		t.Fatalf("imported: %+v; refused: %v", done, refused)
	}
	for _, query := range compared {
		if got, want := to.rows(t, query), from.rows(t, query); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", query, got, want)
		}
	}
	to.checkWhole(t)
	for _, place := range []place{from.place, to} {
		place.checkUsers(t)
	}
	if again := to.export(t, ""); again != exported {
		t.Errorf("exported again:\n%s\nwant\n%s", again, exported)
	}
	if repeated, refused := to.importLines(t, exported); repeated.Present != done.Added || repeated.Added > 0 || len(refused) > 0 {
		t.Errorf("imported again: %+v, %v; want all %d there", repeated, refused, done.Added)
	}
}

// TestImport_EventsGoOn has a reader that goes on with its cursor in the new database, and ignores what is not newer for its user.
func TestImport_EventsGoOn(t *testing.T) {
	t.Parallel()
	from, to := newSource(t), newPlace(t)
	const last = "SELECT max(seq) FROM ticket_events"
	exported, read := from.export(t, ""), from.rows(t, last)
	for _, n := range []int{1, 2} {
		to.importLines(t, exported)
		for _, other := range []string{"ticket_events", "erasures"} {
			if missed := to.rows(t, "SELECT seq FROM "+other+" WHERE seq <= "+read[1:len(read)-1]); missed != "" {
				t.Errorf("after import %d the reader misses events of %s: %s", n, other, missed)
			}
		}
		if _, err := to.pool.Exec(t.Context(), "SELECT setval('feed_numbers', last_value + 1000000000000) FROM feed_numbers"); err != nil {
			t.Fatal(err)
		}
	}
	reached := to.rows(t, "SELECT last_value FROM feed_numbers")
	if to.importLines(t, exported); to.rows(t, "SELECT last_value FROM feed_numbers") != reached {
		t.Errorf("the numbers went back from %s to %s", reached, to.rows(t, "SELECT last_value FROM feed_numbers"))
	}
}

// TestImport_OneMovesTheFeed has an import wait for another one that moves the numbers of the feed: each could else put back what the other has given out.
func TestImport_OneMovesTheFeed(t *testing.T) {
	t.Parallel()
	to := newPlace(t)
	tx, err := to.pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(context.WithoutCancel(t.Context())) // after the commit it does nothing
	if err := db.New().TransferFeedLock(t.Context(), tx); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		importer := transfer.Importer{Primary: to.pool}
		_, err := importer.Import(t.Context(), strings.NewReader(""))
		done <- err
	}()
	for to.rows(t, "SELECT 1 FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT l.granted AND l.locktype = 'advisory' AND a.datname = current_database()") == "" {
		select {
		case err := <-done:
			t.Fatalf("it did not wait for the other import: %v", err)
		case <-time.After(5 * time.Millisecond): // until the next look
		}
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestImport_BrokenOff begins again after the first half.
func TestImport_BrokenOff(t *testing.T) {
	t.Parallel()
	from, to := newSource(t), newPlace(t)
	exported := from.export(t, "")
	half := exported[:strings.LastIndexByte(exported[:len(exported)/2], '\n')+1]
	to.importLines(t, half)
	if _, refused := to.importLines(t, exported); len(refused) > 0 {
		t.Errorf("refused: %v", refused)
	}
	to.checkWhole(t)
	if again := to.export(t, ""); again != exported {
		t.Errorf("exported again:\n%s\nwant\n%s", again, exported)
	}
}

// TestImport_FileBrokenOff begins again after the storage has failed, or the process has ended, in the middle of a file.
func TestImport_FileBrokenOff(t *testing.T) {
	t.Parallel()
	from, to := newSource(t), newPlace(t)
	exported := from.export(t, "")
	broken := to
	broken.blobs = brokenBlobs{to.blobs}
	importer := broken.importer(func(r transfer.Refused) error { t.Errorf("refused: %v", r); return nil })
	if _, err := importer.Import(t.Context(), strings.NewReader(exported)); !errors.Is(err, errBroken) {
		t.Fatalf("the import ended with %v, want %v", err, errBroken)
	}
	if got := to.rows(t, "SELECT state FROM files"); got != "(coming)" {
		t.Fatalf("files are %q, want one that is being stored", got)
	}
	fileLine := exported[strings.Index(exported, `{"file"`):]
	fileLine = fileLine[:strings.IndexByte(fileLine, '\n')+1]
	other := regexp.MustCompile(`"sha256":"[^"]*"`).ReplaceAllString(fileLine, `"sha256":"AAAA"`)
	if _, refused := to.importLines(t, other); len(refused) != 1 || !strings.Contains(refused[0].Reason, "another file") {
		t.Errorf("another file with its id was refused with %v", refused)
	}
	if _, refused := to.importLines(t, exported); len(refused) > 0 {
		t.Errorf("refused: %v", refused)
	}
	if again := to.export(t, ""); again != exported {
		t.Errorf("exported again:\n%s\nwant\n%s", again, exported)
	}
}

// TestImport_SeveralFiles imports two files of one field: in which order a ticket names them says nothing.
func TestImport_SeveralFiles(t *testing.T) {
	t.Parallel()
	to := newPlace(t)
	ids := []string{"0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a12", "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a11"}
	fileLine := func(id string) string {
		return `{"file":{"id":"` + id + `","user_id":"u","field":"f","media_type":"image/jpeg","size":4,"sha256":"` + strings.Repeat("A", 43) + `=","uploaded_by":"user:u","created_at_ms":1,"bytes":"/9j/AA=="}}` + "\n"
	}
	named := ticketJSON("u", "approved", 1000)
	for i, want := range []transfer.Imported{{Added: 1}, {Present: 1}, {Present: 1}} {
		named["files"] = ids
		if done, refused := to.importLines(t, fileLine(ids[0])+fileLine(ids[1])+line(named)); done != want {
			t.Errorf("import %d: %+v, want %+v; refused %v", i+1, done, want, refused)
		}
		slices.Reverse(ids)
	}
	if exported := to.export(t, ""); strings.Index(exported, ids[0]) > strings.Index(exported, ids[1]) {
		t.Errorf("exported in the order in which they were added:\n%s", exported)
	}
}

var errBroken = errors.New("broken")

// brokenBlobs fails, and leaves what a process leaves that ends while it writes a file.
type brokenBlobs struct{ files.Blobs }

func (b brokenBlobs) Put(ctx context.Context, name string, data []byte) error {
	return errors.Join(b.Blobs.Put(ctx, name+".part", data[:len(data)/2]), errBroken)
}

func TestExport_OneUser(t *testing.T) {
	t.Parallel()
	s := newSource(t)
	for user, want := range map[string]string{"again": "form file ticket ticket ticket ticket", "nobody": "form", "erased": "form file ticket ticket ticket ticket ticket erasure"} {
		var held []string
		for text := range strings.Lines(s.export(t, user)) {
			var line map[string]struct {
				UserID string `json:"user_id"`
			}
			if err := json.Unmarshal([]byte(text), &line); err != nil {
				t.Fatal(err)
			}
			for what, of := range line {
				if what == "docket" {
					continue
				}
				if held = append(held, what); what != "form" && of.UserID != user {
					t.Errorf("the export of %q holds a %s of %q", user, what, of.UserID)
				}
			}
		}
		if got := strings.Join(held, " "); got != want {
			t.Errorf("the export of %q holds %s, want %s", user, got, want)
		}
	}
}

// TestImport_Sample reads what this release wrote when the format was new.
func TestImport_Sample(t *testing.T) {
	t.Parallel()
	to := newPlace(t)
	sample, err := os.ReadFile("testdata/format1.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	if done, refused := to.importLines(t, string(sample)); done.Added != 15 || len(refused) > 0 {
		t.Errorf("imported %+v, refused %v; want 15 added", done, refused)
	}
	if again := to.export(t, ""); again != string(sample) {
		t.Errorf("exported again:\n%s\nwant\n%s", again, sample)
	}
	to.checkWhole(t)
}

// TestImport_Beside adds older tickets of a user who has newer ones: the latest approval stays.
func TestImport_Beside(t *testing.T) {
	t.Parallel()
	s := newSource(t)
	latest := s.rows(t, "SELECT ticket_id, updated_at_ms FROM user_tickets WHERE user_id = 'again'")
	done, refused := s.importLines(t, line(ticketJSON("again", "approved", 1000))+line(ticketJSON("revoked", "approved", 1000))+line(ticketJSON("new", "approved", 1000)))
	if done.Added != 2 || len(refused) != 1 || !strings.Contains(refused[0].Reason, "taken back or erased") {
		t.Errorf("imported: %+v, refused: %v", done, refused)
	}
	if got := s.rows(t, "SELECT ticket_id, updated_at_ms FROM user_tickets WHERE user_id = 'again'"); got != latest {
		t.Errorf("the latest approval is %s, want %s", got, latest)
	}
	if got := s.rows(t, "SELECT created_at_ms FROM user_tickets WHERE user_id IN ('again', 'new')"); got != "(1000)\n(1000)" {
		t.Errorf("first approved at %s, want 1000 for both", got)
	}
	s.checkWhole(t)
	if _, err := s.pool.Exec(t.Context(), "UPDATE user_tickets SET created_at_ms = 1 WHERE user_id = 'new'"); err == nil {
		t.Error("a first approval of which there is no ticket was noted")
	}
}

// TestImport_TellsInstances sends no e-mail, but the instances hear whose tickets were added.
func TestImport_ByteOrderMark(t *testing.T) {
	t.Parallel()
	to := newPlace(t)
	marked := "\ufeff" + line(ticketJSON("ann", "processing", 0))
	if done, refused := to.importLines(t, marked+marked); done.Added != 1 || len(refused) != 1 || refused[0].Line != 2 {
		t.Errorf("imported %+v, refused %v; want the first line alone", done, refused)
	}
}

func TestImport_TellsInstances(t *testing.T) {
	t.Parallel()
	to, user := newPlace(t), uuid.NewString()
	for _, statement := range []string{
		"INSERT INTO accounts (id, email, role, password_hash) VALUES ('" + user + "', 'a@example.com', 'customer', 'x')",
		"INSERT INTO mail_senders (until_ms) VALUES (now_ms() + 3600000)",
	} {
		if _, err := to.pool.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	conn, err := pgx.Connect(t.Context(), to.url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "LISTEN docket_change"); err != nil {
		t.Fatal(err)
	}
	ticket := ticketJSON(user, "processing", 0)
	ticket["submitted_by"] = "user:" + user
	if done, refused := to.importLines(t, line(ticket)); done.Added != 1 {
		t.Fatalf("imported %+v, refused %v", done, refused)
	}
	if told, err := conn.WaitForNotification(t.Context()); err != nil || told.Payload != user {
		t.Errorf("told %+v, %v; want %s", told, err, user)
	}
	if mails := to.rows(t, "SELECT kind FROM outbox"); mails != "" {
		t.Errorf("e-mails wait: %s", mails)
	}
}

func line(ticket map[string]any) string {
	text, err := json.Marshal(map[string]any{"ticket": ticket})
	if err != nil {
		panic(err) // a test passes what cannot be encoded
	}
	return string(text) + "\n"
}

func ticketJSON(user, status string, closedMS int64) map[string]any {
	ticket := map[string]any{"id": uuid.NewString(), "user_id": user, "status": status, "extra": map[string]any{"a": 1}, "created_at_ms": 900}
	if status != "processing" {
		ticket["closed_at_ms"] = closedMS
	}
	if status != "processing" && status != "withdrawn" {
		ticket["decided_by"] = "agent:b"
	}
	return ticket
}

// TestImport_Refused gives lines that are wrong in one way each. The rest is added, and nothing that is refused leaves a trace.
func TestImport_Refused(t *testing.T) {
	t.Parallel()
	with := func(status string, changes map[string]any) string {
		ticket := ticketJSON("u", status, 1000)
		for name, value := range changes {
			if ticket[name] = value; value == nil {
				delete(ticket, name)
			}
		}
		return line(ticket)
	}
	const jpeg = `"media_type":"image/jpeg","size":4,"sha256":"` + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" + `","uploaded_by":"user:u","created_at_ms":1`
	for name, test := range map[string]struct{ lines, want string }{
		"no JSON":                       {"{\n", "at byte 2"},
		"doubled member":                {`{"ticket":{"id":"x","id":"y"}}` + "\n", "second time"},
		"NUL":                           {line(map[string]any{"id": uuid.NewString(), "user_id": "a\x00"}), "NUL"},
		"unknown thing":                 {`{"tickets":[]}` + "\n", "tickets"},
		"unknown member":                {with("approved", map[string]any{"colour": "red"}), "colour"},
		"two things":                    {`{"ticket":{},"erasure":{}}` + "\n", "one of"},
		"too long":                      {`{"ticket":{"comment":"` + strings.Repeat("a", 40<<20) + `"}}` + "\n", "more than"},
		"no id":                         {with("approved", map[string]any{"id": nil}), "id is missing"},
		"no user":                       {with("approved", map[string]any{"user_id": ""}), "user_id"},
		"unknown status":                {with("lost", nil), "status is"},
		"extra is a list":               {with("approved", map[string]any{"extra": []int{1}}), "extra"},
		"approved by nobody":            {with("approved", map[string]any{"decided_by": nil}), "decided_by"},
		"decided by a stranger":         {with("approved", map[string]any{"decided_by": "eve"}), "decided_by"},
		"rejected without why":          {with("rejected", nil), "reasons"},
		"approved with why":             {with("approved", map[string]any{"reasons": []string{"a"}}), "reasons"},
		"not taken back":                {with("revoked", nil), "revoked"},
		"closed before made":            {with("approved", map[string]any{"closed_at_ms": 1}), "before created_at_ms"},
		"open and closed":               {with("processing", map[string]any{"closed_at_ms": 1000}), "closed_at_ms"},
		"the future":                    {with("approved", map[string]any{"closed_at_ms": 1 << 60}), "future"},
		"erased with answers":           {with("approved", map[string]any{"erased": map[string]any{"by": "cli", "at_ms": 2000, "reason": "request"}}), "erased"},
		"withdrawn by nobody's erasure": {with("withdrawn", map[string]any{"withdrawn_by_eraser": true}), "withdrawn_by_eraser"},
		"a file of nobody":              {with("approved", map[string]any{"files": []string{uuid.NewString()}}), "names the file"},
		"a step to nowhere":             {with("approved", map[string]any{"previous_id": uuid.NewString()}), "previous"},
		"the same twice":                {with("approved", map[string]any{"submission_key": "k"}) + with("approved", map[string]any{"submission_key": "k", "closed_at_ms": 2000}), "submission"},
		"at the same time":              {with("approved", nil) + with("approved", nil), "same millisecond"},
		"a form of other text":          {`{"form":{"version":"abc","text":"x"}}` + "\n", "forms_version"},
		"no picture":                    {`{"file":{"id":"` + uuid.NewString() + `","user_id":"u","field":"f","bytes":"AAAA",` + jpeg + "}}\n", "image/jpeg"},
	} {
		t.Run(strings.ReplaceAll(name, " ", ""), func(t *testing.T) {
			t.Parallel()
			to := newPlace(t)
			done, refused := to.importLines(t, line(ticketJSON("first", "withdrawn", 1000))+test.lines+line(ticketJSON("last", "withdrawn", 1000)))
			if done.Added != 2 || len(refused) == 0 || !strings.Contains(refused[0].Reason, test.want) || refused[0].Line != 2 {
				t.Errorf("imported %+v, refused %v; want 2 added and line 2 refused with %q", done, refused, test.want)
			}
			if rest := to.rows(t, "SELECT user_id FROM tickets UNION ALL SELECT user_id FROM user_tickets UNION ALL SELECT user_id FROM files"); rest != "(first)\n(last)" {
				t.Errorf("there are rows of %q", rest)
			}
			to.checkWhole(t)
		})
	}
}

// TestImport_OtherThanThere refuses a ticket that is there and says something else.
func TestImport_OtherThanThere(t *testing.T) {
	t.Parallel()
	to, ticket := newPlace(t), ticketJSON("u", "approved", 1000)
	to.importLines(t, line(ticket))
	ticket["extra"] = map[string]any{"a": 2}
	done, refused := to.importLines(t, line(ticket))
	if done.Added+done.Present > 0 || len(refused) != 1 || !strings.Contains(refused[0].Reason, "something else") {
		t.Errorf("imported %+v, refused %v", done, refused)
	}
}

// TestImport_LaterFormat ends at once: nothing of a format that is not known is guessed.
func TestImport_LaterFormat(t *testing.T) {
	t.Parallel()
	importer := transfer.Importer{Primary: newPlace(t).pool}
	if _, err := importer.Import(t.Context(), strings.NewReader(`{"docket":{"format":2}}`)); err == nil || !strings.Contains(err.Error(), "format is 2") {
		t.Errorf("error = %v", err)
	}
}

// TestTransfer_Grant has what an approval grants in the ticket, with the user and in the next export, and refuses one of a rejection.
func TestTransfer_Grant(t *testing.T) {
	t.Parallel()
	to, granted := newPlace(t), ticketJSON("u", "approved", 1000)
	granted["grant"] = map[string]any{"role": "reader"}
	granted["opinions"] = []any{map[string]any{"step": 1, "ordinal": 1, "given_by": "agent:a", "verdict": "approved", "comment": "", "note": "", "grant": map[string]any{"role": "admin"}, "at_ms": 1000}}
	granted["steps"] = []any{map[string]any{"step": 1, "turn": 1, "name": "manager", "email": "m@example.com"}, map[string]any{"step": 2, "turn": 2, "name": "security", "team": "security"}}
	text := line(granted)
	to.importLines(t, text)
	if got := to.rows(t, "SELECT t.grant_extra, u.grant_extra, o.grant_extra FROM tickets t JOIN user_tickets u ON u.ticket_id = t.id JOIN opinions o ON o.ticket_id = t.id"); strings.Count(got, "reader") != 2 || strings.Count(got, "admin") != 1 {
		t.Errorf("granted %s", got)
	}
	if done, refused := to.importLines(t, text); done.Present != 1 || len(refused) != 0 {
		t.Errorf("imported again: %+v, %v; want it present", done, refused)
	}
	rejected := ticketJSON("v", "rejected", 1000)
	rejected["grant"] = map[string]any{"role": "reader"}
	if done, refused := to.importLines(t, line(rejected)); done.Added != 0 || len(refused) != 1 {
		t.Errorf("a rejection that grants: %+v, %v", done, refused)
	}
}

// TestTransfer_EveryColumn fails when a column is added to what is exported: decide whether it belongs into the format.
func TestTransfer_EveryColumn(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	const derived = "version updated_at_ms decided_at_ms reject_reason reject_reasons reject_rows reject_class reject_comment revoked_by erased_at_ms" // from other members
	for table, known := range map[string]string{
		"tickets":        derived + " id user_id status extra form_version one_open submitted_by submission_key submission_hash decided_by note created_at_ms language attempt previous_id turn rule_hash queue grant_extra subject valid_until_ms expired_at_ms",
		"ticket_notes":   "id ticket_id user_id kind actor at_ms text target until_ms",
		"opinions":       "ticket_id user_id step ordinal given_by verdict reasons class reject_rows comment note grant_extra open at_ms",
		"approval_steps": "ticket_id user_id step turn name email team key remind_ms stand_in_ms stand_in_team since_ms reminded_at_ms",
		"verdicts":       "ticket_id user_id rule hash shadow outcome reason at_ms",
		"reopenings":     "ticket_id user_id reopened_by note at_ms",
		"files":          "id user_id field state blob media_type size sha256 phash signals readings uploaded_by ticket_id created_at_ms previewed_at_ms",
		"forms":          "version text created_at_ms",
	} {
		rows, err := p.pool.Query(t.Context(), "SELECT column_name FROM information_schema.columns WHERE table_name = $1 AND table_schema = current_schema()", table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			t.Fatal(err)
		}
		for _, column := range columns {
			if !slices.Contains(strings.Fields(known), column) {
				t.Errorf("%s.%s is not in an export", table, column)
			}
		}
	}
}

// TestTransfer_Terms has what an approval is for and when it ended in the ticket, its history, with the user and in the next export.
func TestTransfer_Terms(t *testing.T) {
	t.Parallel()
	to, ended := newPlace(t), ticketJSON("u", "approved", 1000)
	ended["subject"], ended["valid_until_ms"], ended["expired_at_ms"] = "crm", 2000, 3000
	text := line(ended)
	if done, refused := to.importLines(t, text); done.Added != 1 || len(refused) != 0 {
		t.Fatalf("imported %+v, %v", done, refused)
	}
	if got := to.rows(t, "SELECT u.valid_until_ms, u.subject, s.valid_until_ms, s.subject FROM user_tickets u JOIN user_subject_tickets s USING (ticket_id)"); strings.Count(got, "2000") != 2 || strings.Count(got, "crm") != 2 {
		t.Errorf("with the user: %s", got)
	}
	if got := to.rows(t, "SELECT kind, at_ms FROM ticket_events WHERE version = 3"); !strings.Contains(got, "expired") || !strings.Contains(got, "3000") {
		t.Errorf("the event: %s", got)
	}
	if done, refused := to.importLines(t, text); done.Present != 1 || len(refused) != 0 {
		t.Errorf("imported again: %+v, %v; want it present", done, refused)
	}
	early := ticketJSON("v", "approved", 1000)
	early["valid_until_ms"], early["expired_at_ms"] = 2000, 1500
	if done, refused := to.importLines(t, line(early)); done.Added != 0 || len(refused) != 1 {
		t.Errorf("an end before it: %+v, %v", done, refused)
	}
}
