package feed_test

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/feed"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// site is a store and its feed, on a database of their own.
type site struct {
	*testing.T
	*store.Store
	feed *feed.Feed
	pool *postgres.Pool
}

func newSite(t *testing.T) *site {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	s := &site{T: t, Store: store.New(pool, slog.New(slog.DiscardHandler)), feed: feed.New(pool), pool: pool}
	s.run(s.feed)
	return s
}

// run runs a feed until the test ends.
func (s *site) run(f *feed.Feed) {
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan error, 1)
	go func() { done <- f.Run(ctx) }()
	s.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			s.Error(err)
		}
	})
}

func (s *site) submit(user string) ticket.Ticket {
	s.Helper()
	t, err := s.Submit(s.Context(), ticket.Submission{UserID: user, By: ticket.Key("crm"), Key: uuid.NewString(), Extra: []byte(`{}`)})
	if err != nil {
		s.Fatal(err)
	}
	return t
}

func (s *site) decide(t ticket.Ticket, d ticket.Decision) {
	s.Helper()
	if _, err := s.Decide(s.Context(), t.ID, t.Version, d); err != nil {
		s.Fatal(err)
	}
}

func (s *site) read(q feed.Query) feed.Page {
	s.Helper()
	q.Limit = cmp.Or(q.Limit, 100)
	page, err := s.feed.Read(s.Context(), q)
	if err != nil {
		s.Fatal(err)
	}
	return page
}

func (s *site) begin() pgx.Tx {
	s.Helper()
	tx, err := s.pool.Begin(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = tx.Rollback(context.WithoutCancel(s.Context())) })
	return tx
}

func (s *site) exec(on interface {
	Query(context.Context, string, ...any) (pgx.Rows, error)
}, statement string, args ...any,
) {
	s.Helper()
	rows, err := on.Query(s.Context(), statement, args...)
	if err != nil {
		s.Fatal(err)
	}
	if rows.Close(); rows.Err() != nil {
		s.Fatalf("%s: %v", statement, rows.Err())
	}
}

func (s *site) commit(tx pgx.Tx) {
	s.Helper()
	if err := tx.Commit(s.Context()); err != nil {
		s.Fatal(err)
	}
}

func typesOf(page feed.Page) (types []feed.Type) {
	for _, e := range page.Events {
		types = append(types, e.Type)
	}
	return types
}

func usersOf(page feed.Page) (users []string) {
	for _, e := range page.Events {
		users = append(users, e.UserID)
	}
	return users
}

func TestRead_EveryType(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	approved, rejected, withdrawn := s.submit("ann"), s.submit("bob"), s.submit("cem")
	s.decide(approved, ticket.Approve("agent:joe", ""))
	s.decide(rejected, ticket.Reject("agent:joe", "blurry", "Please once more.", "secret"))
	if _, err := s.Withdraw(t.Context(), "cem", withdrawn.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Revoke(t.Context(), approved.ID, 2, ticket.Revocation{By: "agent:joe", Reason: "fraud", Class: ticket.Final, Comment: "No.", Note: "secret"}); err != nil {
		t.Fatal(err)
	}
	s.exec(s.pool, "SELECT erase_user('ann', 'cli', 'request')")

	page := s.read(feed.Query{})
	want := []feed.Type{feed.Submitted, feed.Submitted, feed.Submitted, feed.Approved, feed.Rejected, feed.Withdrawn, feed.Revoked, feed.Erased}
	if got := typesOf(page); !slices.Equal(got, want) {
		t.Fatalf("events %v, want %v", got, want)
	}
	no, revoked, erased := page.Events[4], page.Events[6], page.Events[7]
	if no.TicketID != rejected.ID || no.UserID != "bob" || no.Version != 2 || no.Status != ticket.Rejected || !slices.Equal(no.Reasons, []string{"blurry"}) {
		t.Errorf("the rejection is %+v", no)
	}
	if revoked.Version != 3 || revoked.Status != ticket.Revoked || !slices.Equal(revoked.Reasons, []string{"fraud"}) {
		t.Errorf("the revocation is %+v", revoked)
	}
	if erased.TicketID != uuid.Nil || erased.UserID != "ann" || erased.Version != 0 {
		t.Errorf("the erasure is %+v", erased)
	}
	ids := map[uuid.UUID]bool{}
	for i, e := range page.Events {
		if ids[e.ID] = true; i > 0 && e.Position <= page.Events[i-1].Position {
			t.Errorf("event %d has number %d, after %d", i, e.Position, page.Events[i-1].Position)
		}
	}
	if len(ids) != len(page.Events) {
		t.Error("two events have one id")
	}
	if again := s.read(feed.Query{After: page.Events[3].Position}); !slices.Equal(typesOf(again), want[4:]) || again.Events[0].ID != no.ID {
		t.Errorf("from the middle: %v", again.Events)
	}
	if some := s.read(feed.Query{Types: []feed.Type{feed.Erased, feed.Submitted}, Limit: 3}); !slices.Equal(usersOf(some), []string{"ann", "bob", "cem"}) ||
		!slices.Equal(usersOf(s.read(feed.Query{Types: []feed.Type{feed.Erased}, After: some.Next})), []string{"ann"}) {
		t.Errorf("of two types: %v", some.Events)
	}
	if none := s.read(feed.Query{After: page.Next}); len(none.Events) > 0 || none.Next < page.Next {
		t.Errorf("after the last: %+v", none)
	}
}

// TestRead_TransactionThatRuns reads while a transaction has taken a number and not ended: an event with a greater number has to wait.
func TestRead_TransactionThatRuns(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	start := s.read(feed.Query{}).Next
	runs := s.begin()
	s.exec(runs, "INSERT INTO tickets (id, user_id, status, extra, one_open) VALUES (gen_random_uuid(), 'ann', 'processing', '{}', false)")
	s.submit("bob")
	if page := s.read(feed.Query{After: start}); len(page.Events) > 0 {
		t.Fatalf("events of %v are read before those of ann, which have smaller numbers, are known", usersOf(page))
	}
	if s.feed.Lag() == 0 {
		t.Error("the feed does not say that it is held up")
	}
	foreign := s.begin() // it has written, and takes no number
	s.exec(foreign, "CREATE TABLE elsewhere (n integer)")
	s.commit(runs)
	page := s.read(feed.Query{After: start, Wait: 10 * time.Second})
	if got := usersOf(page); !slices.Equal(got, []string{"ann", "bob"}) {
		t.Errorf("events of %v, want those of ann, then bob", got)
	}
	if s.feed.Lag() > 0 {
		t.Error("a transaction without an event holds up the feed")
	}
}

func TestRead_RolledBack(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	start := s.read(feed.Query{}).Next
	runs := s.begin()
	s.exec(runs, "INSERT INTO tickets (id, user_id, status, extra, one_open) VALUES (gen_random_uuid(), 'ann', 'processing', '{}', false)")
	s.submit("bob")
	if err := runs.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := usersOf(s.read(feed.Query{After: start, Wait: 10 * time.Second})); !slices.Equal(got, []string{"bob"}) {
		t.Errorf("events of %v, want that of bob", got)
	}
}

// TestRead_OverlappingApprovals approves two tickets of one user in transactions that overlap: the one that began first, and has the
// smaller id, approves last. The last approval of the feed is the user's latest.
func TestRead_OverlappingApprovals(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	last, first := s.submit("ann"), s.submit("ann")
	start := s.read(feed.Query{}).Next
	early, late := s.begin(), s.begin()
	s.exec(early, "SELECT pg_current_xact_id()")
	s.exec(late, "SELECT pg_current_xact_id()")
	approve := func(tx pgx.Tx, t ticket.Ticket) {
		s.exec(tx, `WITH latest AS (
				INSERT INTO user_tickets AS u (user_id, ticket_id, extra, decided_by, created_at_ms, updated_at_ms) SELECT 'ann', $1, '{}', 'agent:joe', ms, ms FROM now_ms() AS ms
				ON CONFLICT (user_id) DO UPDATE SET ticket_id = excluded.ticket_id, updated_at_ms = greatest(excluded.updated_at_ms, u.updated_at_ms + 1)
				RETURNING updated_at_ms
			) UPDATE tickets SET status = 'approved', version = 2, decided_by = 'agent:joe', decided_at_ms = l.updated_at_ms, updated_at_ms = l.updated_at_ms, note = ''
			FROM latest l WHERE id = $1`, t.ID)
	}
	approve(late, first)
	waited := make(chan struct{})
	go func() { approve(early, last); close(waited) }()
	for waits := false; !waits; {
		if err := s.pool.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.datname = current_database() JOIN pg_stat_activity a ON a.pid = l.pid AND a.datid = d.oid WHERE NOT l.granted)").Scan(&waits); err != nil {
			t.Fatal(err)
		}
	}
	s.commit(late)
	<-waited
	s.commit(early)
	page := s.read(feed.Query{After: start, Wait: 10 * time.Second})
	for len(page.Events) < 2 {
		more := s.read(feed.Query{After: page.Next, Wait: 10 * time.Second})
		page = feed.Page{Events: append(page.Events, more.Events...), Next: more.Next}
	}
	latest, err := s.Latest(t.Context(), "ann")
	if err != nil {
		t.Fatal(err)
	}
	if got := page.Events[1].TicketID; latest.TicketID != last.ID || got != latest.TicketID {
		t.Errorf("the last approval of the feed is %s, the user's latest %s, want %s", got, latest.TicketID, last.ID)
	}
}

func TestRead_Waits(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	start := s.read(feed.Query{}).Next
	read := make(chan feed.Page, 2)
	for range cap(read) {
		go func() { read <- s.read(feed.Query{After: start, Wait: time.Minute}) }()
	}
	for s.feed.Waiting() < cap(read) {
		runtime.Gosched()
	}
	s.submit("ann")
	s.feed.Wake()
	for range cap(read) {
		if page := <-read; !slices.Equal(usersOf(page), []string{"ann"}) {
			t.Errorf("events of %v, want that of ann", usersOf(page))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for s.feed.Waiting() == 0 {
			runtime.Gosched()
		}
		cancel()
	}()
	if page, err := s.feed.Read(ctx, feed.Query{After: start + 1, Limit: 1, Wait: time.Hour}); err != nil || len(page.Events) > 0 {
		t.Errorf("after its context ended, a reader got %v, %v", page.Events, err)
	}
}

// TestRead_FarBehind has readers at many places, so that some read what is in memory and some do not.
func TestRead_FarBehind(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	start := s.read(feed.Query{}).Next
	for first := 1; first < 6000; first += 500 {
		s.exec(s.pool, `INSERT INTO tickets (id, user_id, status, extra, one_open)
			SELECT gen_random_uuid(), 'u' || n, 'processing', '{}', false FROM generate_series($1::integer, $1 + 499) n`, first)
	}
	for _, limit := range []int{999, 1000, 7000} {
		var users []string
		for page := s.read(feed.Query{After: start, Limit: limit}); len(page.Events) > 0; page = s.read(feed.Query{After: page.Next, Limit: limit}) {
			users = append(users, usersOf(page)...)
		}
		if len(users) != 6000 || users[0] != "u1" || users[5999] != "u6000" || len(slices.Compact(users)) != 6000 {
			t.Errorf("pages of %d: %d events, from %s to %s", limit, len(users), users[0], users[len(users)-1])
		}
	}
}

func TestRead_Expired(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.submit("ann")
	old := s.read(feed.Query{})
	s.submit("bob")
	s.exec(s.pool, "DELETE FROM feed_marks")
	s.exec(s.pool, "INSERT INTO feed_marks (at_ms, seq) VALUES (now_ms() - 30 * 86400000::bigint, $1), (now_ms() - 3600000, $2)", old.Next, old.Next+1)
	later := &site{T: t, Store: s.Store, pool: s.pool, feed: feed.New(s.pool)}
	later.run(later.feed)
	if _, err := later.feed.Read(t.Context(), feed.Query{After: old.Next - 1, Limit: 1}); !errors.Is(err, feed.ErrExpired) {
		t.Errorf("before the oldest: %v, want ErrExpired", err)
	}
	for _, after := range []feed.Position{0, old.Next} {
		if got := usersOf(later.read(feed.Query{After: after})); !slices.Equal(got, []string{"bob"}) {
			t.Errorf("after %d: events of %v, want that of bob", after, got)
		}
	}
	if _, err := later.feed.Read(t.Context(), feed.Query{After: old.Next + 1000, Limit: 1}); !errors.Is(err, feed.ErrExpired) {
		t.Errorf("of a future that a failover has lost: %v, want ErrExpired", err)
	}
	for ago, want := range map[time.Duration]feed.Position{time.Minute: old.Next + 1, 2 * time.Hour: old.Next, 90 * 24 * time.Hour: old.Next} {
		if got, err := later.feed.At(t.Context(), time.Now().Add(-ago)); err != nil || got != want {
			t.Errorf("%v ago: at %d, %v; want %d", ago, got, err, want)
		}
	}
}
