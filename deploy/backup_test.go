package deploy_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/db/migrations"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/ticket"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// readBackupCommands are the shell commands of docs/operations/backup.md, by the first word of their section's title.
func readBackupCommands(t *testing.T) map[string]string {
	t.Helper()
	blocks := map[string]string{}
	for _, section := range strings.Split(readFile(t, "../docs/operations/backup.md"), "\n## ")[1:] {
		name, _, _ := strings.Cut(section, " ")
		if block := shellBlock.FindStringSubmatch(section); block != nil {
			blocks[name] = block[1]
		}
	}
	for _, name := range []string{"Set", "Back", "Copy", "Restore"} {
		if blocks[name] == "" {
			t.Fatalf("the page has no commands in its section %q", name)
		}
	}
	return blocks
}

func TestBackup_PointInTime(t *testing.T) {
	t.Parallel()
	commands, d := readBackupCommands(t), newDrill(t)
	d.run(t, commands["Set"])
	if err := migrations.Up(t.Context(), d.url); err != nil {
		t.Fatal(err)
	}
	pool := d.connect(t)
	approveTickets(t, pool, "before", 10)
	d.run(t, commands["Back"])
	approveTickets(t, pool, "after", 10)
	d.storeFile(t, pool)
	var moment string
	if err := pool.QueryRow(t.Context(), "SELECT clock_timestamp()::text").Scan(&moment); err != nil {
		t.Fatal(err)
	}
	approveTickets(t, pool, "mistake", 3)
	var lost int64 // the last number of an event that the restore undoes; PostgreSQL itself keeps up to 32 from being given out again
	if err := pool.QueryRow(t.Context(), "SELECT max(nextval('feed_numbers')) FROM generate_series(1, 100)").Scan(&lost); err != nil {
		t.Fatal(err)
	}
	d.run(t, commands["Copy"])
	waitUntilArchived(t, pool)
	pool.Close()
	d.run(t, `primary=$(head -n 1 "${PGDATA:?}/postmaster.pid")
		children=$(pgrep -P "$primary")
		kill -9 "$primary"
		for process in $children; do while kill -0 "$process" 2>/dev/null; do sleep 0.05; done; done
		rm -r "${PGDATA:?}" "${FILES:?}"`)

	said := d.run(t, `BASE=$(echo "${BACKUPS:?}"/base-*); `+commands["Restore"], "TIME="+moment)
	if !strings.Contains(said, "no violations") || strings.Contains(said, "not looked for") {
		t.Errorf("docket verify says\n%s", said)
	}
	restored := d.connect(t)
	defer restored.Close()
	for user, want := range map[string]int{"before": 10, "after": 10, "mistake": 0} {
		var tickets, latest int
		err := restored.QueryRow(t.Context(), "SELECT (SELECT count(*) FROM tickets WHERE user_id LIKE $1), (SELECT count(*) FROM user_tickets WHERE user_id LIKE $1)",
			user+"%").Scan(&tickets, &latest)
		if err != nil || tickets != want || latest != want {
			t.Errorf("of %s there are %d tickets and %d latest approvals, %v; want %d", user, tickets, latest, err, want)
		}
	}
	approveTickets(t, restored, "afterwards", 1)
	var next int64
	if err := restored.QueryRow(t.Context(), "SELECT min(seq) FROM ticket_events WHERE user_id LIKE 'afterwards%'").Scan(&next); err != nil || next <= lost {
		t.Errorf("the first event after the restore has number %d, %v; want one that was not given out, of which the last is %d", next, err, lost)
	}
	if said := d.run(t, `rm -r "${FILES:?}"/*; docket verify --files-url "file://$FILES" || echo refused`); !strings.Contains(said, "has no bytes") || !strings.Contains(said, "refused") {
		t.Errorf("without the copy of the files, docket verify says\n%s", said)
	}
}

func (d drill) connect(t *testing.T) *postgres.Pool {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), d.url)
	if err != nil {
		t.Fatal(err)
	}
	return pool
}

// approveTickets submits and approves a ticket for each of so many users.
func approveTickets(t *testing.T, pool *postgres.Pool, user string, tickets int) {
	t.Helper()
	desk := store.New(pool, slog.New(slog.DiscardHandler))
	defer desk.Finish()
	for n := range tickets {
		made, err := desk.Submit(t.Context(), ticket.Submission{
			UserID: fmt.Sprintf("%s-%d", user, n), By: ticket.Key("test"), Key: uuid.NewString(), OneOpen: true, Extra: []byte(`{}`),
		})
		if err == nil {
			_, err = desk.Decide(t.Context(), made.ID, 1, ticket.Approve("agent:a", ""))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// storeFile stores a document of a user in the folder of files.
func (d drill) storeFile(t *testing.T, pool *postgres.Pool) {
	t.Helper()
	blobs, err := files.OpenBlobs("file://" + d.dir + "/files")
	if err != nil {
		t.Fatal(err)
	}
	pdf := "%PDF-1.7\n" + strings.Repeat("% a deed\n", 1000) + "%%EOF\n"
	upload := files.Upload{UserID: "after-0", Field: form.Field{Name: "deed", Type: form.File}, By: "user:after-0", Body: bytes.NewReader([]byte(pdf))}
	if _, err := files.New(pool, blobs, slog.New(slog.DiscardHandler), files.Hooks{}).Add(t.Context(), upload); err != nil {
		t.Fatal(err)
	}
	d.takeOver(t)
}

// waitUntilArchived returns when the WAL of all that was written is in the archive.
func waitUntilArchived(t *testing.T, pool *postgres.Pool) {
	t.Helper()
	var segment string
	if err := pool.QueryRow(t.Context(), "SELECT pg_walfile_name(pg_switch_wal())").Scan(&segment); err != nil {
		t.Fatal(err)
	}
	for archived := ""; archived < segment; time.Sleep(10 * time.Millisecond) {
		if err := pool.QueryRow(t.Context(), "SELECT coalesce(last_archived_wal, '') FROM pg_stat_archiver").Scan(&archived); err != nil {
			t.Fatal(err)
		}
	}
}
