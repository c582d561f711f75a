package cache_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/cache"
	"docket/internal/consistency"
	"docket/internal/pgdev"
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
	{"a slow load does not outlive a write", slowLoad, "lease", func(d *docket) { d.WithoutLease() }, consistency.Unseen},
	{"a writer does not read replicas that are behind", writeAndRead, "dirty window", func(d *docket) { d.WithoutDirtyWindow() }, consistency.Unseen},
	{"news are not answered from replicas that are behind", newsAndRead, "dirty window", func(d *docket) { d.WithoutDirtyWindow() }, consistency.Unheard},
	{"replicas that stand still are found out", standstill, "lag gate", func(d *docket) { d.withoutLag() }, consistency.Stale},
	{"one of two that stands still is passed by", oneStandsStill, "gate of each", func(d *docket) { d.WithoutOwnGates() }, consistency.Stale},
	{"a replica that was restarted is doubted", fellBack, "doubt", func(d *docket) { d.undoubting = true }, consistency.Unseen},
	{"who was deaf trusts nothing that it knows", deafness, "purge on reconnect", func(d *docket) { d.unpurged = true }, consistency.Unheard},
	{"replicas ahead of the primary turn nobody back", ahead, "floor", func(d *docket) { d.WithoutFloor() }, consistency.Backward},
	{"an ordinary read is no older than a strong one before", strongThenWeak, "floor", func(d *docket) { d.WithoutFloor() }, consistency.Backward},
}

// TestConsistency runs one thing after the other, as all of it breaks the same two nodes.
func TestConsistency(t *testing.T) {
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
				var found consistency.Findings
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

func (r *rig) findings() consistency.Findings {
	r.Helper()
	kept, err := consistency.Truth(r.Context(), r.primary)
	if err != nil {
		r.Fatal(err)
	}
	most := bound
	if r.clock == nil {
		most /= haste
	}
	return consistency.Check(r.journal.Finished(), kept, most)
}

func (r *rig) keepsEveryPromise() {
	r.Helper()
	for promise, example := range r.findings() {
		r.Errorf("%s: %s", promise, example)
	}
	var whole bool
	if err := r.primary.QueryRow(r.Context(), consistency.Invariant).Scan(&whole); err != nil || !whole {
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
	r.hears(r.a, r.a, r.b)
	r.clock.pass(cache.DirtyTime)
	r.prove(r.a)
	r.prove(r.b)
	return user
}

// manyApproved makes many users like that.
func (r *rig) manyApproved() (users []string) {
	r.Helper()
	for range 10 {
		users = append(users, uuid.NewString())
	}
	r.approveAll(users)
	return users
}

// approveAll approves a ticket of each, which both instances and the replicas know for long when it returns.
func (r *rig) approveAll(users []string) {
	r.Helper()
	for _, user := range users {
		r.mustApprove(r.a, "earlier", user)
	}
	r.hears(r.a, r.a, r.b)
	r.clock.pass(cache.DirtyTime)
	r.prove(r.a)
	r.prove(r.b)
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
	held, read := make(chan struct{}), make(chan struct{}, 100)
	for _, s := range r.a.slow {
		s.held, s.read = held, read
	}
	var reader sync.WaitGroup
	reader.Go(func() { r.read(r.a, "slow", user) })
	<-read // it has read, and is held up
	r.mustApprove(r.a, "ann", user)
	r.hears(r.a, r.a) // no news come later that would drop what the load leaves
	close(held)
	reader.Wait()
	r.read(r.a, "ann", user)
}

func writeAndRead(r *rig) {
	user := r.approved()
	r.pause(r.replicas...)
	r.mustApprove(r.a, "ann", user)
	r.read(r.a, "ann", user)
}

func newsAndRead(r *rig) {
	user := r.approved()
	r.read(r.b, "bob", user)
	r.pause(r.replicas...)
	r.mustApprove(r.a, "ann", user)
	if _, err := r.a.Submit(r.Context(), submission(user)); err != nil { // its news come after the approval was acknowledged
		r.Fatal(err)
	}
	r.hears(r.a, r.b)
	r.read(r.b, "bob", user)
}

func standstill(r *rig) {
	user := r.approved()
	r.pause(r.replicas...)
	r.approveAndDie(user)
	r.clock.pass(bound + time.Second)
	r.look(r.b)
	r.read(r.b, "bob", user)
}

// oneStandsStill has many users, as either replica may be read.
func oneStandsStill(r *rig) {
	users := r.manyApproved()
	r.pause(r.replicas[0])
	for _, user := range users {
		r.approveAndDie(user)
	}
	r.clock.pass(bound + time.Second)
	for r.look(r.b); !r.b.replicas[1].Gate.Open(); r.look(r.b) {
	}
	for _, user := range users {
		r.read(r.b, "bob", user)
	}
}

// fellBack restarts a replica that shows less than it did, as it has lost what it had not written to its disk yet.
func fellBack(r *rig) {
	users := r.manyApproved()
	r.checkpoint(0)
	r.approveAll(users)
	const behind = "SELECT count(*) = 1 FROM tickets WHERE user_id = $1 AND status = 'approved'"
	r.exec(r.replicas[0], "ALTER SYSTEM SET recovery_min_apply_delay = '1h'")
	r.Cleanup(func() {
		r.exec(r.replicas[0], "ALTER SYSTEM RESET recovery_min_apply_delay")
		r.exec(r.replicas[0], "SELECT pg_reload_conf()")
		r.until(r.replicas[0], "SELECT NOT ("+behind+")", users[len(users)-1])
	})
	r.cluster.Halt(pgdev.Replica)
	r.resume(pgdev.Replica)
	r.until(r.replicas[0], behind, users[0])
	r.a.pools[0].Reset() // nothing is left of the connections from before
	for _, user := range users {
		r.read(r.a, "earlier", user)
	}
}

// checkpoint has a replica begin its next start from here.
func (r *rig) checkpoint(replica int) {
	r.Helper()
	r.exec(r.primary, "CHECKPOINT")
	r.until(r.replicas[replica], "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn", r.flushed())
	r.exec(r.replicas[replica], "CHECKPOINT")
}

func (r *rig) flushed() (at string) {
	r.Helper()
	if err := r.primary.QueryRow(r.Context(), "SELECT pg_current_wal_flush_lsn()::text").Scan(&at); err != nil {
		r.Fatal(err)
	}
	return at
}

// withoutLag leaves every gate of an instance open for ever once it was.
func (d *docket) withoutLag() {
	for _, r := range d.replicas {
		r.Gate.WithoutLag()
	}
}

func deafness(r *rig) {
	user := r.approved()
	r.read(r.b, "bob", user)
	r.ways[1].Silence() // which nobody tells it
	r.mustApprove(r.a, "ann", user)
	r.forgets(r.b, "") // it finds out, and listens again
	r.read(r.b, "bob", user)
}

func strongThenWeak(r *rig) {
	user := r.approved()
	r.read(r.b, "bob", user)
	r.pause(r.replicas...)
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
	r.look(r.b)
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
	for _, one := range r.replicas {
		r.until(one, "SELECT EXISTS (SELECT FROM user_tickets WHERE ticket_id = $1)", id)
	}
	return true
}
