package cache_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/cache"
	"docket/internal/ticket"
)

// bound is how old an ordinary read may be: P4.
const bound = cache.Life + cache.MaxLag

// scenarios are the shortest histories that each guard is there for. Without it, the checkers find what it breaks.
var scenarios = []struct {
	sentence string
	play     func(*rig)
	guard    string
	remove   func(*docket)
	breaks   string
}{
	{"a slow load does not outlive a write", slowLoad, "lease", func(d *docket) { d.WithoutLease() }, unseen},
	{"a writer does not read a replica that is behind", writeAndRead, "dirty window", func(d *docket) { d.WithoutDirtyWindow() }, unseen},
	{"news are not answered from a replica that is behind", newsAndRead, "dirty window", func(d *docket) { d.WithoutDirtyWindow() }, unheard},
	{"a replica that stands still is found out", standstill, "lag gate", func(d *docket) { d.gate.WithoutLag() }, stale},
	{"who was deaf trusts nothing that it knows", deafness, "purge on reconnect", func(d *docket) { d.unpurged = true }, unheard},
	{"a replica ahead of the primary turns nobody back", ahead, "floor", func(d *docket) { d.WithoutFloor() }, backward},
	{"an ordinary read is no older than a strong one before", strongThenWeak, "floor", func(d *docket) { d.WithoutFloor() }, backward},
}

// TestThePromisesAreKept runs one thing after the other, as all of it breaks the same two nodes.
func TestThePromisesAreKept(t *testing.T) {
	t.Parallel()
	n := start(t)
	t.Run("and every guard is needed", func(t *testing.T) { guards(t, n) })
	t.Run("when something fails", func(t *testing.T) { failures(t, n) })
	t.Run("under load, when everything fails", func(t *testing.T) { load(t, n) })
}

func guards(t *testing.T, n nodes) {
	for _, s := range scenarios {
		t.Run(s.sentence, func(t *testing.T) {
			r := open(t, n, nil)
			s.play(r)
			r.keepsEveryPromise()
		})
		t.Run(s.sentence+", but not without the "+s.guard, func(t *testing.T) {
			for range 3 { // where a busy machine lets the primary answer for the replica, the history is another one
				var found findings
				t.Run("play", func(t *testing.T) {
					r := open(t, n, s.remove)
					s.play(r)
					found = r.findings()
				})
				if found[s.breaks] != "" {
					return
				}
			}
			t.Errorf("nobody noticed %q", s.breaks)
		})
	}
}

func (r *rig) findings() findings {
	r.Helper()
	kept, err := truth(r.Context(), r.primary)
	if err != nil {
		r.Fatal(err)
	}
	most := bound
	if r.clock == nil {
		most /= haste
	}
	return check(r.journal.finished(), kept, most)
}

// invariant finds a user whose row is not their last approval.
const invariant = `SELECT NOT EXISTS (SELECT FROM
	(SELECT DISTINCT ON (user_id) user_id, id, updated_at_ms FROM tickets WHERE status = 'approved' ORDER BY user_id, updated_at_ms DESC, id DESC) t
	FULL JOIN user_tickets u USING (user_id) WHERE t.id IS DISTINCT FROM u.ticket_id OR t.updated_at_ms IS DISTINCT FROM u.updated_at_ms)`

func (r *rig) keepsEveryPromise() {
	r.Helper()
	for promise, example := range r.findings() {
		r.Errorf("%s: %s", promise, example)
	}
	var whole bool
	if err := r.primary.QueryRow(r.Context(), invariant).Scan(&whole); err != nil || !whole {
		r.Errorf("the database invariant holds: %v, %v", whole, err)
	}
}

// approved makes a user with an approval that both instances and the replica have known for long.
func (r *rig) approved() (user string) {
	r.Helper()
	user = uuid.NewString()
	if err := r.approve(r.a, "earlier", user); err != nil {
		r.Fatal(err)
	}
	for range 2 { // submitted and approved
		r.forgets(r.a, user)
		r.forgets(r.b, user)
	}
	r.clock.pass(cache.DirtyTime)
	r.prove(r.a)
	r.prove(r.b)
	return user
}

// mustApprove is approve where nothing stands in the way.
func (r *rig) mustApprove(d *docket, who, user string) {
	r.Helper()
	if err := r.approve(d, who, user); err != nil {
		r.Fatal(err)
	}
}

func slowLoad(r *rig) {
	user := r.approved()
	r.a.slow.held, r.a.slow.read = make(chan struct{}), make(chan struct{}, 100)
	var reader sync.WaitGroup
	reader.Go(func() { r.read(r.a, "slow", user) })
	<-r.a.slow.read // it has read, and is held up
	r.mustApprove(r.a, "ann", user)
	r.hears(r.a) // no news come later that would drop what the load leaves
	close(r.a.slow.held)
	reader.Wait()
	r.read(r.a, "ann", user)
}

func writeAndRead(r *rig) {
	user := r.approved()
	r.pause()
	r.mustApprove(r.a, "ann", user)
	r.read(r.a, "ann", user)
}

func newsAndRead(r *rig) {
	user := r.approved()
	r.read(r.b, "bob", user)
	r.pause()
	r.mustApprove(r.a, "ann", user)
	if _, err := r.a.Submit(r.Context(), submission(user)); err != nil { // its news come after the approval was acknowledged
		r.Fatal(err)
	}
	for range 3 {
		r.forgets(r.b, user)
	}
	r.read(r.b, "bob", user)
}

func standstill(r *rig) {
	user := r.approved()
	r.pause()
	r.approveAndDie(user)
	r.clock.pass(bound + time.Second)
	r.b.gate.Look(r.Context())
	r.read(r.b, "bob", user)
}

func deafness(r *rig) {
	user := r.approved()
	r.read(r.b, "bob", user)
	r.ways[1].Swallow() // which nobody tells it
	r.mustApprove(r.a, "ann", user)
	r.forgets(r.b, "") // it finds out, and listens again
	r.read(r.b, "bob", user)
}

func strongThenWeak(r *rig) {
	user := r.approved()
	r.read(r.b, "bob", user)
	r.pause()
	r.approveAndDie(user)
	if err := r.readNow(r.b, "bob", user); err != nil {
		r.Error(err)
	}
	r.read(r.b, "bob", user)
}

// ahead makes commits wait for a standby that does not exist, which the replica does not know.
func ahead(r *rig) {
	user := r.approved()
	release := r.waiting(user)
	r.b.gate.Look(r.Context())
	r.read(r.b, "bob", user)                // from the replica, which does
	r.b.Forget(ticket.Change{UserID: user}) // another ticket of the user was written
	r.read(r.b, "bob", user)                // from the primary, which does not show the commit yet
	release()
}

// waiting leaves an approval of a user waiting for its standby until it is released.
func (r *rig) waiting(user string) (release func()) {
	r.Helper()
	ids := make(chan uuid.UUID, 100)
	for range cap(ids) {
		id := uuid.New()
		r.submit(id, user)
		ids <- id
	}
	r.exec(r.primary, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
	r.exec(r.primary, "SELECT pg_reload_conf()")
	ctx := context.WithoutCancel(r.Context())
	var approvals sync.WaitGroup
	release = sync.OnceFunc(func() {
		r.exec(r.primary, "ALTER SYSTEM RESET synchronous_standby_names")
		r.exec(r.primary, "SELECT pg_reload_conf()")
		approvals.Wait()
	})
	r.Cleanup(release)
	for id := range ids { // the setting reaches the server's processes one after the other
		done := make(chan struct{})
		approvals.Go(func() { r.decide(ctx, id, user); close(done) })
		if r.waits(id, done) {
			return release
		}
	}
	return release
}

// waits reports whether an approval came to wait for its standby before it was done; then the replica shows it.
func (r *rig) waits(id uuid.UUID, done <-chan struct{}) bool {
	for waiting := false; !waiting; {
		select {
		case <-done:
			return false
		default:
		}
		err := r.primary.QueryRow(r.Context(), "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')").Scan(&waiting)
		if err != nil {
			r.Fatal(err)
		}
	}
	r.until(r.replica, "SELECT EXISTS (SELECT FROM user_tickets WHERE ticket_id = $1)", id)
	return true
}
