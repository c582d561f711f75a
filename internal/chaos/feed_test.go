package chaos_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/pgdev"
	"docket/internal/testkit/testdb"
)

var feedEvents = flag.Int("feed", 20_000, "how many events TestFeed_OnceInOrder writes, unless -short is set")

// feedSite is the instances that writers and readers of a feed ask, one after the other.
type feedSite struct {
	*rig
	urls    atomic.Pointer[[]string]
	written atomic.Int64 // events that were acknowledged
}

// call sends a request to an instance until one answers with the status.
func (s *feedSite) call(t *testing.T, n, status int, method, path, body string, header ...string) (a answer) {
	header = append(header, "Authorization: Bearer "+s.key)
	if body != "" {
		header = append(header, "Content-Type: application/json")
	}
	for t.Context().Err() == nil {
		urls := *s.urls.Load()
		c := newCaller(urls[n%len(urls)])
		var err error
		a, err = c.send(method, path, body, header...)
		if c.conn != nil {
			c.conn.Close()
		}
		if err == nil && a.status == status {
			return a
		}
		if err == nil && a.status < http.StatusInternalServerError {
			t.Errorf("%s %s: status %d, want %d: %s", method, path, a.status, status, a.body)
			return a
		}
		time.Sleep(5 * time.Millisecond) // the instance is away or busy
	}
	return a
}

// write submits and approves tickets of few users, so that transactions of one user overlap, until so many events are written.
func (s *feedSite) write(t *testing.T, until int) {
	var writers sync.WaitGroup
	for n := range 8 {
		writers.Go(func() {
			for i := 0; s.written.Load() < int64(until) && !t.Failed(); i++ {
				user := fmt.Sprint("user-", (n+i)%20)
				made := s.call(t, n, http.StatusCreated, "POST", "/api/v1/tickets", `{"user_id":"`+user+`","extra":{}}`, "Idempotency-Key: "+uuid.NewString())
				var ticket ticketReply
				if err := json.Unmarshal([]byte(made.body), &ticket); err != nil {
					t.Error(err)
					return
				}
				s.call(t, n, http.StatusOK, "POST", "/api/v1/tickets/"+ticket.ID.String()+"/decision", `{"decision":"approve","version":1}`)
				s.written.Add(2)
			}
		})
	}
	writers.Wait()
}

// feedEvent is an event as a reader got it.
type feedEvent struct {
	ID       uuid.UUID `json:"id"`
	Type     string    `json:"type"`
	TicketID uuid.UUID `json:"ticket_id"`
	UserID   string    `json:"user_id"`
	UserSeq  int64     `json:"user_seq"`
	Version  int64     `json:"version"`
}

// follow reads the feed to its end, once all is written.
func (s *feedSite) follow(t *testing.T, n int, written *atomic.Bool) (seen []feedEvent) {
	for next := ""; ; {
		last := written.Load()
		a := s.call(t, n, http.StatusOK, "GET", "/api/v1/events?limit=300&wait=2"+next, "")
		var page struct {
			Items []feedEvent
			Next  string
		}
		if err := json.Unmarshal([]byte(a.body), &page); err != nil || t.Failed() {
			t.Errorf("read the feed: %v: %.200s", err, a.body)
			return seen
		}
		if last && len(page.Items) == 0 {
			return seen
		}
		seen, next = append(seen, page.Items...), "&after="+page.Next
	}
}

// TestFeed_OnceInOrder has three readers follow what eight writers do on two instances, while one of these is killed, and then on an
// instance whose primary is the promoted replica.
func TestFeed_OnceInOrder(t *testing.T) {
	t.Parallel()
	s := &feedSite{rig: startDatabases(t, 1)}
	form := "FORM_FILE=" + manyTicketsForm(t)
	first, second := startInstance(t, s.db, form), startInstance(t, s.db, form)
	s.urls.Store(&[]string{first.url, second.url})
	total := *feedEvents
	if testing.Short() {
		total = 1000
	}
	var written atomic.Bool
	var readers sync.WaitGroup
	seen := make([][]feedEvent, 3)
	for n := range seen {
		readers.Go(func() { seen[n] = s.follow(t, n, &written) })
	}

	killed := make(chan struct{})
	go func() {
		defer close(killed)
		for s.written.Load() < int64(total/4) && !t.Failed() {
			time.Sleep(time.Millisecond)
		}
		second.end(t, syscall.SIGKILL)
		second.startAgain()
	}()
	s.write(t, total/2)
	<-killed
	promoted := s.promote(t)
	third := startInstance(t, testdb.DB{Primary: promoted}, form)
	s.urls.Store(&[]string{third.url})
	first.end(t, syscall.SIGKILL)
	second.end(t, syscall.SIGKILL)
	s.write(t, total)

	written.Store(true)
	readers.Wait()
	var events int
	if err := s.connect(t, promoted).QueryRow(t.Context(), "SELECT count(*) FROM ticket_events").Scan(&events); err != nil {
		t.Fatal(err)
	}
	for n := range seen {
		if len(seen[n]) != events {
			t.Errorf("reader %d got %d events of %d", n, len(seen[n]), events)
		}
		s.check(t, promoted, seen[n])
		if !slices.Equal(seen[n], seen[0]) {
			t.Errorf("reader %d has another order than reader 0", n)
		}
	}
}

// promote kills the primary when the replica has all of it, and returns the address of the replica, which is promoted.
func (s *feedSite) promote(t *testing.T) string {
	t.Helper()
	var written string
	if err := s.connect(t, s.db.Primary).QueryRow(t.Context(), "SELECT pg_current_wal_insert_lsn()").Scan(&written); err != nil {
		t.Fatal(err)
	}
	replica := s.connect(t, s.db.Replica)
	for reached := false; !reached; {
		if err := replica.QueryRow(t.Context(), "SELECT pg_last_wal_replay_lsn() >= $1::pg_lsn", written).Scan(&reached); err != nil {
			t.Fatal(err)
		}
	}
	s.cluster.Halt(pgdev.Primary)
	if _, err := replica.Exec(t.Context(), "SELECT pg_promote()"); err != nil {
		t.Fatal(err)
	}
	return s.db.Replica
}

// check fails unless a reader has seen every event of a database once, those of each ticket and of each user in their order, and last of
// each user's approvals the latest.
func (s *feedSite) check(t *testing.T, database string, seen []feedEvent) {
	t.Helper()
	ids, versions, seqs, latest := map[uuid.UUID]bool{}, map[uuid.UUID]int64{}, map[string]int64{}, map[string]uuid.UUID{}
	for _, e := range seen {
		if ids[e.ID] || e.Version != versions[e.TicketID]+1 || e.UserSeq <= seqs[e.UserID] {
			t.Fatalf("%+v comes twice or out of order", e)
		}
		ids[e.ID], versions[e.TicketID], seqs[e.UserID] = true, e.Version, e.UserSeq
		if e.Type == "ticket.approved" {
			latest[e.UserID] = e.TicketID
		}
	}
	rows, err := s.connect(t, database).Query(t.Context(), "SELECT user_id, ticket_id FROM user_tickets")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var user string
		var id uuid.UUID
		if err := rows.Scan(&user, &id); err != nil {
			t.Fatal(err)
		}
		if latest[user] != id {
			t.Errorf("the last approval of %s in the feed is of %s, the latest is of %s", user, latest[user], id)
		}
		delete(latest, user)
	}
	if len(latest) > 0 || rows.Err() != nil {
		t.Errorf("approvals of %v in the feed are nobody's latest; %v", latest, rows.Err())
	}
}
