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
	"github.com/jackc/pgx/v5/pgxpool"

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

// rig is two instances on one primary and two streaming replicas, whose nodes a test may break.
type rig struct {
	*testing.T
	nodes
	clock   *clock
	journal *consistency.Journal
	a, b    *docket
	ways    []*testdb.Relay // that the instances listen through
}

// nodes are a primary and replicas of the proof alone, and a connection to each that no fault of an instance touches.
type nodes struct {
	cluster  *pgdev.Cluster
	primary  *pgxpool.Pool
	replicas []*pgxpool.Pool
}

// docket is one instance: what internal/app wires, with failpoints between cache and store.
type docket struct {
	*cache.Cache
	name     string
	replicas []cache.Replica
	pools    []*pgxpool.Pool // of the replicas
	slow     []*slow
	news     chan string // the user of every change that was dealt with; empty: everybody's

	unpurged   bool // a guard is gone: it forgets nothing when it hears again
	undoubting bool // a guard is gone: it believes a replica that it is connected to anew
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

// start makes a cluster that ends with the test.
func start(t *testing.T) nodes {
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

func pool(t *testing.T, url string, made ...func()) *pgxpool.Pool {
	t.Helper()
	p, err := postgres.Connect(t.Context(), url, made...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// open makes two instances, each changed by weaken before it runs. Their time stands still; they have listened for
// long, and their replicas are proven to have everything.
func open(t *testing.T, n nodes, weaken func(*docket)) *rig {
	t.Helper()
	r := prepare(t, n, &clock{now: time.Now()}, weaken)
	r.clock.pass(cache.DirtyTime)
	for _, d := range []*docket{r.a, r.b} {
		r.prove(d)
	}
	return r
}

// prepare makes two instances and waits until they listen. A nil clock is the real one.
func prepare(t *testing.T, n nodes, c *clock, weaken func(*docket)) *rig {
	t.Helper()
	r := &rig{T: t, nodes: n, clock: c, journal: consistency.NewJournal(time.Now)}
	if c != nil {
		r.journal = consistency.NewJournal(c.read)
	}
	r.a, r.b = r.docket("a", weaken), r.docket("b", weaken)
	for _, d := range []*docket{r.a, r.b} {
		<-d.news
	}
	return r
}

// prove waits until an instance knows that its replicas have everything.
func (r *rig) prove(d *docket) {
	r.Helper()
	for _, one := range d.replicas {
		for one.Gate.Check(r.Context()); !one.Gate.Open(); one.Gate.Check(r.Context()) {
			if r.Context().Err() != nil {
				r.Fatal("the replica does not follow")
			}
		}
	}
}

// look has an instance look at its replicas once.
func (r *rig) look(d *docket) {
	for _, one := range d.replicas {
		one.Gate.Check(r.Context())
	}
}

func (r *rig) docket(name string, weaken func(*docket)) *docket {
	r.Helper()
	silent := slog.New(slog.DiscardHandler)
	d := &docket{name: name, news: make(chan string, 1<<16)}
	primary := pool(r.T, r.cluster.Primary(pgdev.Database))
	for _, url := range r.cluster.Replicas(pgdev.Database) {
		r.follow(d, primary, url)
	}
	d.Cache = cache.New(d.held(store.New(primary, silent)), 1000, d.replicas...)
	if r.clock != nil {
		d.SetClock(r.clock.read)
	}
	if weaken != nil {
		weaken(d)
	}
	reset := d.Reset
	if d.unpurged {
		reset = func() {}
	}
	way := testdb.NewRelay(r.T, r.cluster.Primary(pgdev.Database))
	r.ways = append(r.ways, way)
	r.goes(store.Listener{
		URL: way.URL, Log: silent, PingInterval: 50 * time.Millisecond,
		Change: func(c ticket.Change) { r.hear(d, c.UserID, func() { d.Forget(c) }) },
		Reset:  func() { r.hear(d, "", reset) },
	}.Run)
	return d
}

// follow lets an instance read a replica.
func (r *rig) follow(d *docket, primary *pgxpool.Pool, url string) {
	r.Helper()
	var gate *cache.Gate
	secondary := pool(r.T, url, func() {
		if !d.undoubting {
			gate.Invalidate()
		}
	})
	reader := store.NewReader(secondary)
	gate = cache.NewGate(store.NewReader(primary).WrittenPosition, reader.ReplayedPosition)
	d.replicas = append(d.replicas, cache.Replica{Reader: d.heldReader(reader), Gate: gate})
	d.pools = append(d.pools, secondary)
}

// held is a desk with a failpoint.
func (d *docket) held(desk ticket.Desk) ticket.Desk {
	return slowDesk{d.heldReader(desk), desk}
}

// heldReader is a reader with a failpoint.
func (d *docket) heldReader(reader ticket.Reader) *slow {
	s := &slow{Reader: reader}
	d.slow = append(d.slow, s)
	return s
}

// hear notes that an instance deals with news, and tells one who waits for that.
func (r *rig) hear(d *docket, user string, do func()) {
	n := r.journal.Begin(consistency.Note{Kind: consistency.Heard, Where: d.name, User: user})
	do()
	r.journal.End(n, ticket.Approval{}, nil)
	d.news <- user
}

// goes runs something beside the test until that ends.
func (r *rig) goes(run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	r.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			r.Error(err)
		}
	})
}

// forgets waits until an instance has dealt with the news of a user's write; of nobody: with having been deaf.
func (r *rig) forgets(d *docket, user string) {
	r.Helper()
	for late := time.After(30 * time.Second); ; { // rather than for ever
		select {
		case news := <-d.news:
			if news == user {
				return
			}
		case <-late:
			r.Fatalf("no news of %q", user)
		}
	}
}

// hears waits until instances have dealt with the news of all that one of them wrote before: of writes that follow closely
// the news may be one, but they come in order, so those of one more write come last.
func (r *rig) hears(writer *docket, all ...*docket) {
	r.Helper()
	last := uuid.NewString()
	if _, err := writer.Submit(r.Context(), submission(last)); err != nil {
		r.Fatal(err)
	}
	for _, d := range all {
		r.forgets(d, last)
	}
}

// submission is a ticket of a user who may have many open ones.
func submission(user string) ticket.Submission {
	return ticket.Submission{UserID: user, By: ticket.User(user), Key: uuid.NewString(), Extra: json.RawMessage(`{}`)}
}

// approve has somebody submit and approve a ticket on an instance, and note it.
func (r *rig) approve(d *docket, who, user string) error {
	ctx := r.Context()
	made, err := d.Submit(ctx, submission(user))
	if err != nil {
		return err
	}
	n := r.journal.Begin(consistency.Note{Kind: consistency.Approves, Who: who, Where: d.name, User: user, Ticket: made.ID})
	decided, err := d.Decide(ctx, made.ID, made.Version, ticket.Approve("agent:"+who, ""))
	r.journal.End(n, ticket.Approval{TicketID: decided.ID, UpdatedAt: decided.UpdatedAt}, err)
	return err
}

// approveAndDie is approve on an instance that is killed between the commit and the notification: nobody is told.
func (r *rig) approveAndDie(user string) {
	r.Helper()
	id := uuid.New()
	r.submit(id, user)
	r.decide(r.Context(), id, user)
}

func (r *rig) submit(id uuid.UUID, user string) {
	r.Helper()
	s := submission(user)
	db.New().TicketSubmit(r.Context(), r.primary, []db.TicketSubmitParams{{
		ID: id, UserID: user, Extra: s.Extra, SubmittedBy: s.By, SubmissionKey: s.Key, SubmissionHash: []byte{1},
	}}).QueryRow(func(_ int, _ db.Ticket, err error) {
		if err != nil {
			r.Fatal(err)
		}
	})
}

func (r *rig) decide(ctx context.Context, id uuid.UUID, user string) {
	n := r.journal.Begin(consistency.Note{Kind: consistency.Approves, Who: "dies", User: user, Ticket: id})
	by, text := "agent:dies", ""
	db.New().TicketDecide(ctx, r.primary, []db.TicketDecideParams{{
		ID: id, Version: 1, Status: string(ticket.Approved), DecidedBy: &by, Note: &text,
	}}).QueryRow(func(_ int, row db.Ticket, err error) {
		r.journal.End(n, ticket.Approval{TicketID: row.ID, UpdatedAt: time.UnixMilli(row.UpdatedAtMs)}, err)
	})
}

// read has somebody look a user up on an instance, and note it.
func (r *rig) read(d *docket, who, user string) ticket.Approval {
	n := r.journal.Begin(consistency.Note{Kind: consistency.Reads, Who: who, Where: d.name, User: user})
	a, err := d.Latest(r.Context(), user)
	r.journal.End(n, a, err)
	return a
}

// readNow is read for one who asks for what the primary knows.
func (r *rig) readNow(d *docket, who, user string) error {
	n := r.journal.Begin(consistency.Note{Kind: consistency.Strong, Who: who, Where: d.name, User: user})
	a, err := d.Latest(ticket.Fresh(r.Context()), user)
	r.journal.End(n, a, err)
	return err
}

// exec runs a statement on a node, behind the instances' backs.
func (r *rig) exec(on *pgxpool.Pool, statement string) {
	r.Helper()
	if _, err := on.Exec(context.WithoutCancel(r.Context()), statement); err != nil {
		r.Fatalf("%s: %v", statement, err)
	}
}

// until asks a node until it says yes.
func (r *rig) until(on *pgxpool.Pool, question string, args ...any) {
	r.Helper()
	for yes := false; !yes; {
		if err := on.QueryRow(context.WithoutCancel(r.Context()), question, args...).Scan(&yes); err != nil {
			r.Fatalf("%s: %v", question, err)
		}
	}
}

// pause keeps replicas where they are until the returned function is called.
func (r *rig) pause(replicas ...*pgxpool.Pool) (resume func()) {
	r.Helper()
	for _, one := range replicas {
		r.exec(one, "SELECT pg_wal_replay_pause()")
		r.until(one, "SELECT pg_get_wal_replay_pause_state() = 'paused'")
	}
	resume = sync.OnceFunc(func() {
		for _, one := range replicas {
			r.exec(one, "SELECT pg_wal_replay_resume()")
		}
	})
	r.Cleanup(resume)
	return resume
}
