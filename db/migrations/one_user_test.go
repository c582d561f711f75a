package migrations_test

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/db/migrations"
	"docket/internal/testkit/testdb"
)

// oneUser calls the functions that take the place of statements where the tables are distributed, on one PostgreSQL.
type oneUser struct {
	*testing.T
	conn *pgx.Conn
}

func openOneUser(t *testing.T) oneUser {
	t.Helper()
	t.Parallel()
	return oneUser{t, connect(t, testdb.New(t).Primary)}
}

// submit submits a ticket with a key, which at most three attempts and so many submissions a day allow; 0: any number.
func (o oneUser) submit(user, key string, daily int, want bool) (id string) {
	o.Helper()
	const call = `WITH made AS MATERIALIZED (SELECT gen_random_uuid() AS id)
		SELECT m.id::text, ticket_submit(m.id, $1, '{}', '', '', '', true, 3, 'key:k', $2, '\x', '', '', '', $3) FROM made m`
	var added bool
	if err := o.conn.QueryRow(o.Context(), call, user, key, daily).Scan(&id, &added); err != nil || added != want {
		o.Errorf("submit for %s with the key %s: added %t (%v), want %t", user, key, added, err, want)
	}
	return id
}

// decide decides version 1 of a ticket; want is its user, or empty where it must not be decided.
func (o oneUser) decide(id, status, by, class string, ignorePlaced bool, want string) {
	o.Helper()
	const call = "SELECT coalesce(ticket_decide($1, 1, $2, $3, $4, '', 0, NULL, $5, '', $6, '', '', ''), '')"
	var user, reasons string
	if status == "rejected" {
		reasons = "no"
	}
	if err := o.conn.QueryRow(o.Context(), call, id, status, by, ignorePlaced, reasons, class).Scan(&user); err != nil || user != want {
		o.Errorf("%s by %s: the ticket of %q (%v), want %q", status, by, user, err, want)
	}
}

func (o oneUser) exec(statement string, args ...any) {
	o.Helper()
	if _, err := o.conn.Exec(o.Context(), statement, args...); err != nil {
		o.Fatal(err)
	}
}

func (o oneUser) wantCount(want int, query string, args ...any) {
	o.Helper()
	var n int
	if err := o.conn.QueryRow(o.Context(), query, args...).Scan(&n); err != nil || n != want {
		o.Errorf("%s: %d (%v), want %d", query, n, err, want)
	}
}

// TestTicketSubmit: a key makes one ticket, a user has one open ticket, a rejection allows another attempt unless it is final, and a submission that is
// refused gives its key back.
func TestTicketSubmit(t *testing.T) {
	o := openOneUser(t)
	first := o.submit("a", "1", 0, true)
	o.submit("a", "1", 0, false)
	o.submit("b", "1", 0, false)
	o.submit("a", "2", 0, false)
	o.wantCount(1, "SELECT count(*) FROM submissions")
	o.decide(first, "rejected", "key:k", "retry", true, "a")
	second := o.submit("a", "2", 0, true)
	o.wantCount(1, "SELECT count(*) FROM tickets WHERE id = $1 AND attempt = 2 AND previous_id = $2 AND turn = 2", second, first)
	o.decide(second, "rejected", "key:k", "final", true, "a")
	o.submit("a", "3", 0, false)
	third := o.submit("c", "4", 1, true)
	o.decide(third, "approved", "key:k", "", true, "c")
	o.submit("c", "5", 1, false)
	o.submit("c", "5", 2, true)
	o.wantCount(4, "SELECT count(*) FROM submissions")
	o.wantCount(4, "SELECT count(*) FROM ticket_words")
}

// TestTicketDecide: a ticket is decided once, by nobody whose own it is, not while another agent has claimed it or has been given it, and an approval is the
// latest of its user.
func TestTicketDecide(t *testing.T) {
	const agent, other = "00000000-0000-0000-0000-00000000000a", "00000000-0000-0000-0000-00000000000b"
	o := openOneUser(t)
	o.exec("INSERT INTO accounts (id, email, role, password_hash) VALUES ($1::uuid, 'a@example.com', 'agent', 'h'), ($2::uuid, 'b@example.com', 'agent', 'h')", agent, other)
	own := o.submit(agent, "own", 0, true)
	o.decide(own, "approved", "agent:"+agent, "", true, "")
	id := o.submit("u", "1", 0, true)
	o.exec("INSERT INTO claims (ticket_id, user_id, account_id, until_ms) VALUES ($1, 'u', $2, now_ms() + 60000)", id, other)
	o.decide(id, "approved", "agent:"+agent, "", true, "")
	o.exec("DELETE FROM claims")
	o.exec("INSERT INTO placements (ticket_id, user_id, account_id, placed_by) VALUES ($1, 'u', $2, 'agent:x')", id, other)
	o.decide(id, "approved", "agent:"+agent, "", false, "")
	o.wantCount(0, "SELECT count(*) FROM user_tickets")
	o.decide(id, "approved", "agent:"+other, "", false, "u")
	o.decide(id, "rejected", "agent:"+other, "retry", true, "")
	o.wantCount(1, "SELECT count(*) FROM user_tickets u JOIN tickets t ON t.id = u.ticket_id AND t.updated_at_ms = u.updated_at_ms WHERE t.id = $1 AND t.status = 'approved' AND t.version = 2", id)
	o.wantCount(2, "SELECT count(*) FROM ticket_events WHERE ticket_id = $1", id)
	o.decide(id, "approved", "key:k", "", true, "")
}

// TestDraft_LinkGone: no draft is saved for a submission link that is not there.
func TestDraft_LinkGone(t *testing.T) {
	t.Parallel()
	address := empty(t)
	if err := migrations.Up(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	for _, save := range []string{"SELECT draft_add($1, 's', '{}', '')", "SELECT draft_save($1, 's', '{}', '{}', 0, 10)"} {
		if _, err := connect(t, address).Exec(t.Context(), save, "link:00000000-0000-0000-0000-00000000000a"); err == nil {
			t.Errorf("%s: saved a draft of a link that is not there", save)
		}
		if _, err := connect(t, address).Exec(t.Context(), save, "somebody"); err != nil {
			t.Errorf("%s: %v", save, err)
		}
	}
}

// TestTicketSubmit_Erased sends what was erased again where workers run no trigger for it.
func TestTicketSubmit_Erased(t *testing.T) {
	o := openOneUser(t)
	o.exec("DROP TRIGGER tickets_erased_key ON tickets")
	first := o.submit("a", "order-17", 0, true)
	o.decide(first, "approved", "key:k", "", true, "a")
	o.exec("SELECT erase_user('a', 'cli', 'request')")
	o.submit("a", "order-17", 0, false)
	o.submit("a", "order-18", 0, true)
	o.wantCount(2, "SELECT count(*) FROM tickets")
}

// TestDraftAdd_AtOnce adds files to a draft from several pages at once: all stay.
func TestDraftAdd_AtOnce(t *testing.T) {
	o := openOneUser(t)
	const pages, each = 8, 40
	done := make(chan error, pages)
	for page := range pages {
		other := connect(t, o.conn.Config().ConnString())
		go func() {
			_, err := other.Exec(t.Context(), fmt.Sprintf(`DO $$ BEGIN FOR n IN 1..%d LOOP
				PERFORM draft_add('a', 's', jsonb_build_object('%d-' || n, n), '');
				COMMIT;
			END LOOP; END $$`, each, page))
			done <- err
		}()
	}
	for range pages {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	o.wantCount(pages*each, "SELECT count(*) FROM drafts d, jsonb_object_keys(d.answers)")
}

// TestDraftAddUpload_AtOnce sends the tries of an upload at once, to a draft that none of them finds: the last one's file stays alone.
func TestDraftAddUpload_AtOnce(t *testing.T) {
	o := openOneUser(t)
	const tries, users = 6, 30
	done := make(chan error, tries)
	for try := range tries {
		other := connect(t, o.conn.Config().ConnString())
		go func() {
			_, err := other.Exec(t.Context(), fmt.Sprintf(`DO $$ BEGIN FOR n IN 1..%d LOOP
				PERFORM draft_add_upload('a' || n, 's', 'receipts', '{shown}', '{file-%d}', 'one', %d);
				COMMIT;
			END LOOP; END $$`, users, try, try))
			done <- err
		}()
	}
	for range tries {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	o.wantCount(users, fmt.Sprintf(`SELECT count(*) FROM drafts WHERE answers = '{"receipts": ["shown", "file-%d"]}'`, tries-1))
}
