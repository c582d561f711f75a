package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/db/migrations"
	"docket/internal/cache"
	"docket/internal/consistency"
	"docket/internal/pgdev"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// system is two instances on one primary and two streaming replicas, whose nodes a test may stop.
type system struct {
	*testing.T
	nodes
	clock   *clock
	batch   bool // ordinary and fresh reads are batches
	subject bool // these are for the subject
	history *consistency.History
	a, b    *instance
	relays  []*testdb.Relay // that the instances listen through
}

// nodes are a primary and replicas of this test alone, and a pool on each that the instances do not use.
type nodes struct {
	cluster  *pgdev.Cluster
	primary  *postgres.Pool
	replicas []*postgres.Pool
}

// instance is what internal/app wires, with failpoints between cache and store.
type instance struct {
	*cache.Cache
	name     string
	replicas []cache.Replica
	pools    []*postgres.Pool // of the replicas
	slow     []*slow
	received chan string // the user of every change that was forgotten; empty: all users

	skipReset      bool // a guard is removed: it forgets nothing when it listens again
	skipInvalidate bool // a guard is removed: a new connection to a replica does not invalidate the proof
}

// clock is the time of a test, which passes when the test says so.
type clock struct {
	mu  sync.Mutex // guards now
	now time.Time
}

func (c *clock) read() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// startNodes starts nodes that stop at the end of the test.
func startNodes(t *testing.T) nodes {
	t.Helper()
	cluster, dir, err := testdb.Start(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(cluster.Stop(), pgdev.Remove(dir)); err != nil {
			t.Error(err)
		}
	})
	if err := migrations.Up(t.Context(), cluster.Primary(pgdev.Database)); err != nil {
		t.Fatal(err)
	}
	n := nodes{cluster: cluster, primary: pool(t, cluster.Primary(pgdev.Database))}
	for _, url := range cluster.Replicas(pgdev.Database) {
		n.replicas = append(n.replicas, pool(t, url))
	}
	return n
}

func pool(t *testing.T, url string, connected ...func()) *postgres.Pool {
	t.Helper()
	p, err := postgres.Connect(t.Context(), url, connected...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// open makes two instances, each changed by weaken before it runs. Their time stands still; they have listened for
// long, and their replicas are proven to have everything.
func open(t *testing.T, n nodes, weaken func(*instance)) *system {
	t.Helper()
	sys := prepare(t, n, &clock{now: time.Now()}, weaken)
	sys.clock.pass(cache.DirtyTime)
	for _, d := range []*instance{sys.a, sys.b} {
		sys.proveReplicas(d)
	}
	return sys
}

// prepare makes two instances and waits until they listen. A nil clock is the real one.
func prepare(t *testing.T, n nodes, c *clock, weaken func(*instance)) *system {
	t.Helper()
	sys := &system{T: t, nodes: n, clock: c, history: consistency.NewHistory(time.Now)}
	if c != nil {
		sys.history = consistency.NewHistory(c.read)
	}
	sys.a, sys.b = sys.openInstance("a", weaken), sys.openInstance("b", weaken)
	for _, d := range []*instance{sys.a, sys.b} {
		<-d.received
	}
	return sys
}

// proveReplicas waits until the gates of an instance prove that its replicas have everything.
func (sys *system) proveReplicas(d *instance) {
	sys.Helper()
	for _, one := range d.replicas {
		for one.Gate.Check(sys.Context()); !one.Gate.Open(); one.Gate.Check(sys.Context()) {
			if sys.Context().Err() != nil {
				sys.Fatal("the replica does not follow")
			}
		}
	}
}

// checkGates checks the gates of an instance once.
func (sys *system) checkGates(d *instance) {
	for _, one := range d.replicas {
		one.Gate.Check(sys.Context())
	}
}

func (sys *system) openInstance(name string, weaken func(*instance)) *instance {
	sys.Helper()
	silent := slog.New(slog.DiscardHandler)
	d := &instance{name: name, received: make(chan string, 1<<16)}
	primary := pool(sys.T, sys.cluster.Primary(pgdev.Database))
	for _, url := range sys.cluster.Replicas(pgdev.Database) {
		sys.openReplica(d, primary, url)
	}
	d.Cache = cache.New(d.slowDesk(store.New(primary, silent)), 1000, d.replicas...)
	if sys.clock != nil {
		d.SetClock(sys.clock.read)
	}
	if weaken != nil {
		weaken(d)
	}
	reset := d.Reset
	if d.skipReset {
		reset = func() {}
	}
	relay := testdb.NewRelay(sys.T, sys.cluster.Primary(pgdev.Database))
	sys.relays = append(sys.relays, relay)
	sys.runUntilEnd(store.Listener{
		URL: relay.URL, Log: silent, PingInterval: 50 * time.Millisecond,
		Change: func(c ticket.Change) { sys.receive(d, c.UserID, func() { d.Forget(c) }) },
		Reset:  func() { sys.receive(d, "", reset) },
	}.Run)
	return d
}

// openReplica lets an instance read a replica.
func (sys *system) openReplica(d *instance, primary *postgres.Pool, url string) {
	sys.Helper()
	var gate *cache.Gate
	secondary := pool(sys.T, url, func() {
		if !d.skipInvalidate {
			gate.Invalidate()
		}
	})
	reader := store.NewReader(secondary)
	gate = cache.NewGate(store.NewReader(primary).WrittenPosition, reader.ReplayedPosition)
	d.replicas = append(d.replicas, cache.Replica{Reader: d.slowReader(reader), Gate: gate})
	d.pools = append(d.pools, secondary)
}

// slowDesk is a desk with a failpoint.
func (d *instance) slowDesk(desk ticket.Desk) ticket.Desk {
	return slowDesk{d.slowReader(desk), desk}
}

// slowReader is a reader with a failpoint.
func (d *instance) slowReader(reader ticket.Reader) *slow {
	s := &slow{Reader: reader}
	d.slow = append(d.slow, s)
	return s
}

// receive records that an instance receives a change, and sends its user to d.received.
func (sys *system) receive(d *instance, user string, do func()) {
	n := sys.history.Begin(consistency.Operation{Kind: consistency.Receive, Instance: d.name, User: user})
	do()
	sys.history.End(n, ticket.Approval{}, nil)
	d.received <- user
}

// runUntilEnd runs something until the test ends.
func (sys *system) runUntilEnd(run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(sys.Context()))
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	sys.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			sys.Error(err)
		}
	})
}

// waitForChange waits until an instance has received a change of a user; empty: until it has listened again.
func (sys *system) waitForChange(d *instance, user string) {
	sys.Helper()
	for timeout := time.After(30 * time.Second); ; {
		select {
		case changed := <-d.received:
			if changed == user {
				return
			}
		case <-timeout:
			sys.Fatalf("no change of %q", user)
		}
	}
}

// waitForChanges waits until instances have received all that one of them wrote before. Changes come in order, so that of one
// more write comes last.
func (sys *system) waitForChanges(writer *instance, all ...*instance) {
	sys.Helper()
	last := uuid.NewString()
	if _, err := writer.Submit(sys.Context(), submission(last)); err != nil {
		sys.Fatal(err)
	}
	for _, d := range all {
		sys.waitForChange(d, last)
	}
}

const subject = "crm" // of every ticket, so that the latest of all is the latest for it

// submission is a ticket of a user who may have many open ones.
func submission(user string) ticket.Submission {
	return ticket.Submission{UserID: user, By: ticket.User(user), Key: uuid.NewString(), Subject: subject, Extra: json.RawMessage(`{}`)}
}

// approve has a client submit and approve a ticket on an instance, and records that.
func (sys *system) approve(d *instance, client, user string) error {
	ctx := sys.Context()
	made, err := d.Submit(ctx, submission(user))
	if err != nil {
		return err
	}
	n := sys.history.Begin(consistency.Operation{Kind: consistency.Approve, Client: client, Instance: d.name, User: user, Ticket: made.ID})
	decided, err := d.Decide(ctx, made.ID, made.Version, ticket.Approve("agent:"+client, ""))
	sys.history.End(n, ticket.Approval{TicketID: decided.ID, UpdatedAt: decided.UpdatedAt}, err)
	return err
}

// erase erases a user on the primary, as a command does, and records that.
func (sys *system) erase(client, user string) {
	ctx := sys.Context()
	if _, err := sys.primary.Exec(ctx, "SELECT"); err != nil {
		return // the primary is away: an erasure that fails may take effect later, and many of those take too long to check
	}
	n := sys.history.Begin(consistency.Operation{Kind: consistency.Erase, Client: client, User: user})
	var version int64
	_, err := sys.primary.Exec(ctx, "SELECT erase_user($1, 'cli', 'request')", user)
	if err == nil {
		err = sys.primary.QueryRow(ctx, "SELECT coalesce((SELECT version FROM latest_removed WHERE user_id = $1), 0)", user).Scan(&version)
	}
	sys.history.End(n, ticket.Approval{UpdatedAt: time.UnixMilli(version)}, err)
}

// revoke has a client take back the latest approval of a user on an instance, and records that. It does nothing if there is none.
func (sys *system) revoke(d *instance, client, user string) error {
	ctx := sys.Context()
	latest, err := d.Latest(ticket.Fresh(ctx), user)
	if err != nil {
		return err
	}
	n := sys.history.Begin(consistency.Operation{Kind: consistency.Revoke, Client: client, Instance: d.name, User: user, Revoked: latest.TicketID})
	revoked, err := d.Revoke(ctx, latest.TicketID, 2, ticket.Revocation{By: "agent:" + client, Reason: "other", Class: ticket.Retry})
	sys.history.End(n, ticket.Approval{UpdatedAt: revoked.Decision.At}, err)
	return err
}

// mustRevoke is revoke that must not fail.
func (sys *system) mustRevoke(d *instance, client, user string) {
	sys.Helper()
	if err := sys.revoke(d, client, user); err != nil {
		sys.Fatal(err)
	}
}

// approveUnpublished is approve on an instance that is killed between the commit and the notification.
func (sys *system) approveUnpublished(user string) {
	sys.Helper()
	id := uuid.New()
	sys.submit(id, user)
	sys.decide(sys.Context(), id, user)
}

func (sys *system) submit(id uuid.UUID, user string) {
	sys.Helper()
	s := submission(user)
	_, err := sys.primary.Exec(sys.Context(), `INSERT INTO tickets (id, user_id, status, extra, submitted_by, submission_key, subject, one_open)
		VALUES ($1, $2, 'processing', $3, $4, $5, $6, false)`, id, user, s.Extra, s.By, s.Key, subject)
	if err != nil {
		sys.Fatal(err)
	}
}

func (sys *system) decide(ctx context.Context, id uuid.UUID, user string) {
	n := sys.history.Begin(consistency.Operation{Kind: consistency.Approve, Client: "dies", User: user, Ticket: id})
	var row db.Ticket
	err := postgres.RunWrite(ctx, sys.primary, func(conn *pgx.Conn) error {
		batch := db.New().TicketDecide(ctx, conn, []db.TicketDecideParams{{
			Ids: []uuid.UUID{id}, Versions: []int64{1}, Statuses: []string{string(ticket.Approved)}, DecidedBy: []string{"agent:dies"}, IgnorePlaced: []bool{false},
			Subjects: []string{""}, ValidUntilMs: []int64{0}, Grants: [][]byte{nil}, Reasons: []string{""}, RejectRows: []string{""}, Classes: []string{""},
			Comments: []string{""}, Notes: []string{""}, RuleHashes: []string{""},
		}})
		batch.Query(func(_ int, decided []db.Ticket, _ error) { // Close returns the error
			if len(decided) > 0 {
				row = decided[0]
			}
		})
		return batch.Close()
	})
	sys.history.End(n, ticket.Approval{TicketID: row.ID, UpdatedAt: time.UnixMilli(row.UpdatedAtMs)}, err)
}

// read has a client look a user up on an instance, and records that.
func (sys *system) read(d *instance, client, user string) ticket.Approval {
	n := sys.history.Begin(consistency.Operation{Kind: consistency.Read, Client: client, Instance: d.name, User: user})
	a, err := sys.latest(sys.Context(), d, user)
	sys.history.End(n, a, err)
	return a
}

// inBatches is the system for somebody whose reads are batches.
func (sys *system) inBatches() *system {
	same := *sys
	same.batch = true
	return &same
}

// forSubject is the system for somebody who reads the latest for the subject, in batches.
func (sys *system) forSubject() *system {
	same := *sys
	same.batch, same.subject = true, true
	return &same
}

// latest looks a user up, alone or in a batch.
func (sys *system) latest(ctx context.Context, d *instance, user string) (ticket.Approval, error) {
	if !sys.batch {
		return d.Latest(ctx, user)
	}
	read := d.LatestBatch
	if sys.subject {
		read = func(ctx context.Context, users []string) ([]ticket.Approval, error) {
			return d.LatestFor(ctx, subject, users)
		}
	}
	all, err := read(ctx, []string{"nobody", user, user})
	if err != nil {
		return ticket.Approval{}, err
	}
	if all[1].TicketID != all[2].TicketID {
		sys.Errorf("one batch has %s and %s of the same user", all[1].TicketID, all[2].TicketID)
	}
	if all[1].TicketID == uuid.Nil {
		err = ticket.ErrNotFound
	}
	return all[1], err
}

// readFresh is a read under ticket.Fresh.
func (sys *system) readFresh(d *instance, client, user string) error {
	n := sys.history.Begin(consistency.Operation{Kind: consistency.FreshRead, Client: client, Instance: d.name, User: user})
	a, err := sys.latest(ticket.Fresh(sys.Context()), d, user)
	sys.history.End(n, a, err)
	return err
}

// exec runs a statement on a node.
func (sys *system) exec(on *postgres.Pool, statement string) {
	sys.Helper()
	if _, err := on.Exec(context.WithoutCancel(sys.Context()), statement); err != nil {
		sys.Fatalf("%s: %v", statement, err)
	}
}

// waitUntil repeats a query on a node until it returns true.
func (sys *system) waitUntil(on *postgres.Pool, query string, args ...any) {
	sys.Helper()
	for done := false; !done; {
		if err := on.QueryRow(context.WithoutCancel(sys.Context()), query, args...).Scan(&done); err != nil {
			sys.Fatalf("%s: %v", query, err)
		}
	}
}

// pause stops the replay of replicas until the returned function is called.
func (sys *system) pause(replicas ...*postgres.Pool) (resume func()) {
	sys.Helper()
	for _, one := range replicas {
		sys.exec(one, "SELECT pg_wal_replay_pause()")
		sys.waitUntil(one, "SELECT pg_get_wal_replay_pause_state() = 'paused'")
	}
	resume = sync.OnceFunc(func() {
		for _, one := range replicas {
			sys.exec(one, "SELECT pg_wal_replay_resume()")
		}
	})
	sys.Cleanup(resume)
	return resume
}
