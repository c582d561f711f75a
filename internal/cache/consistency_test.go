package cache_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/cache"
	"docket/internal/consistency"
	"docket/internal/pgdev"
	"docket/internal/ticket"
)

// maxAge is how old an ordinary read may be: P4.
const maxAge = cache.Life + cache.MaxLag

// scenarios are the shortest histories that need each guard. Without it, the checker finds what it breaks.
var scenarios = []struct {
	name   string
	run    func(*system)
	guard  string
	remove func(*instance)
	breaks string
}{
	{"slow load", slowLoad, "lease", func(d *instance) { d.WithoutLease() }, consistency.OwnWriteUnseen},
	{"write and read", writeAndRead, "dirty window", func(d *instance) { d.WithoutDirtyWindow() }, consistency.OwnWriteUnseen},
	{"revoke and read", revokeAndRead, "floor of what was removed", func(d *instance) { d.WithoutDirtyWindow(); d.WithoutFloor() }, consistency.OwnWriteUnseen},
	{"receive a revocation and read", receiveRevocationAndRead, "floor of what was removed", func(d *instance) { d.WithoutDirtyWindow(); d.WithoutFloor() }, consistency.ReceivedUnseen},
	{"revocation read, then the replica", revokedThenReplica, "floor", func(d *instance) { d.WithoutDirtyWindow(); d.WithoutFloor() }, consistency.Backward},
	{"receive and read", receiveAndRead, "dirty window", func(d *instance) { d.WithoutDirtyWindow() }, consistency.ReceivedUnseen},
	{"replicas paused", replicasPaused, "lag gate", func(d *instance) { d.withoutLag() }, consistency.Stale},
	{"one replica paused", oneReplicaPaused, "gate of each", func(d *instance) { d.WithoutOwnGates() }, consistency.Stale},
	{"replica restarted", replicaRestarted, "invalidation", func(d *instance) { d.skipInvalidate = true }, consistency.OwnWriteUnseen},
	{"listener disconnected", disconnected, "purge on reconnect", func(d *instance) { d.skipReset = true }, consistency.ReceivedUnseen},
	{"replicas ahead of the primary", replicaAhead, "floor", func(d *instance) { d.WithoutFloor() }, consistency.Backward},
	{"ordinary read after fresh read", freshThenOrdinary, "floor", func(d *instance) { d.WithoutFloor() }, consistency.Backward},
}

// TestConsistency runs its parts one after the other, as all of them stop the same nodes.
func TestConsistency(t *testing.T) {
	t.Parallel()
	n := startNodes(t)
	t.Run("guards", func(t *testing.T) { testGuards(t, n, func(sys *system) *system { return sys }, false) })
	t.Run("guards of a batch", func(t *testing.T) { testGuards(t, n, (*system).inBatches, testing.Short()) })
	t.Run("guards of a subject", func(t *testing.T) { testGuards(t, n, (*system).forSubject, testing.Short()) })
	t.Run("faults", func(t *testing.T) { testFaults(t, n) })
	rounds := 10
	if testing.Short() {
		rounds = 1
	}
	for range rounds {
		t.Run("load", func(t *testing.T) { testUnderLoad(t, n) })
	}
}

// testGuards has each guard hold, and taken away unless that is to be short, for whom as makes of the system.
func testGuards(t *testing.T, n nodes, as func(*system) *system, short bool) {
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			sys := as(open(t, n, nil))
			s.run(sys)
			sys.expectNoFindings()
		})
		if short {
			continue
		}
		t.Run(s.name+", without "+s.guard, func(t *testing.T) {
			for range 3 { // on a busy machine the primary may answer instead of the replica
				var found consistency.Findings
				t.Run("run", func(t *testing.T) {
					sys := as(open(t, n, s.remove))
					s.run(sys)
					found = sys.findings()
				})
				if found[s.breaks] != "" {
					return
				}
			}
			t.Errorf("the checker did not find %q", s.breaks)
		})
	}
}

func (sys *system) findings() consistency.Findings {
	sys.Helper()
	approvals, err := consistency.ReadApprovals(sys.Context(), sys.primary)
	if err != nil {
		sys.Fatal(err)
	}
	age := maxAge
	if sys.clock == nil {
		age /= speedup
	}
	return consistency.Check(sys.history.Finished(), approvals, age)
}

func (sys *system) expectNoFindings() {
	sys.Helper()
	for promise, example := range sys.findings() {
		sys.Errorf("%s: %s", promise, example)
	}
	var holds bool
	if err := sys.primary.QueryRow(sys.Context(), consistency.Invariant).Scan(&holds); err != nil || !holds {
		sys.Errorf("the database invariant holds: %v, %v", holds, err)
	}
}

// newApproved makes a user with an approval that both instances and the replicas have had for long.
func (sys *system) newApproved() (user string) {
	sys.Helper()
	user = uuid.NewString()
	if err := sys.approve(sys.a, "earlier", user); err != nil {
		sys.Fatal(err)
	}
	sys.waitForChanges(sys.a, sys.a, sys.b)
	sys.clock.pass(cache.DirtyTime)
	sys.proveReplicas(sys.a)
	sys.proveReplicas(sys.b)
	return user
}

// newManyApproved makes many users like that.
func (sys *system) newManyApproved() (users []string) {
	sys.Helper()
	for range 10 {
		users = append(users, uuid.NewString())
	}
	sys.approveAll(users)
	return users
}

// approveAll approves a ticket of each user, which both instances and the replicas have had for long when it returns.
func (sys *system) approveAll(users []string) {
	sys.Helper()
	for _, user := range users {
		sys.mustApprove(sys.a, "earlier", user)
	}
	sys.waitForChanges(sys.a, sys.a, sys.b)
	sys.clock.pass(cache.DirtyTime)
	sys.proveReplicas(sys.a)
	sys.proveReplicas(sys.b)
}

// mustApprove is approve that must not fail.
func (sys *system) mustApprove(d *instance, client, user string) {
	sys.Helper()
	if err := sys.approve(d, client, user); err != nil {
		sys.Fatal(err)
	}
}

func slowLoad(sys *system) {
	user := sys.newApproved()
	held, read := make(chan struct{}), make(chan struct{}, 100)
	for _, s := range sys.a.slow {
		s.held, s.read = held, read
	}
	var reader sync.WaitGroup
	reader.Go(func() { sys.read(sys.a, "slow", user) })
	<-read // it has read, and is held up
	sys.mustApprove(sys.a, "ann", user)
	sys.waitForChanges(sys.a, sys.a) // no change comes later that would drop what the load leaves
	close(held)
	reader.Wait()
	sys.read(sys.a, "ann", user)
}

func writeAndRead(sys *system) {
	user := sys.newApproved()
	sys.pause(sys.replicas...)
	sys.mustApprove(sys.a, "ann", user)
	sys.read(sys.a, "ann", user)
}

func revokeAndRead(sys *system) {
	user := sys.newApproved()
	sys.read(sys.a, "ann", user)
	sys.pause(sys.replicas...)
	sys.mustRevoke(sys.a, "ann", user)
	sys.read(sys.a, "ann", user)
}

// receiveRevocationAndRead reads on an instance that has never looked the user up before.
func receiveRevocationAndRead(sys *system) {
	user := sys.newApproved()
	sys.pause(sys.replicas...)
	sys.mustRevoke(sys.a, "ann", user)
	sys.waitForChanges(sys.a, sys.b)
	sys.read(sys.b, "bob", user)
}

func revokedThenReplica(sys *system) {
	user := sys.newApproved()
	sys.pause(sys.replicas...)
	sys.mustRevoke(sys.a, "ann", user)
	if err := sys.readFresh(sys.b, "bob", user); err != nil && !errors.Is(err, ticket.ErrNotFound) {
		sys.Error(err)
	}
	sys.b.Forget(ticket.Change{UserID: user}) // another ticket of the user was written
	sys.read(sys.b, "bob", user)
}

func receiveAndRead(sys *system) {
	user := sys.newApproved()
	sys.read(sys.b, "bob", user)
	sys.pause(sys.replicas...)
	sys.mustApprove(sys.a, "ann", user)
	if _, err := sys.a.Submit(sys.Context(), submission(user)); err != nil { // its change is received after the approval was acknowledged
		sys.Fatal(err)
	}
	sys.waitForChanges(sys.a, sys.b)
	sys.read(sys.b, "bob", user)
}

func replicasPaused(sys *system) {
	user := sys.newApproved()
	sys.pause(sys.replicas...)
	sys.approveUnpublished(user)
	sys.clock.pass(maxAge + time.Second)
	sys.checkGates(sys.b)
	sys.read(sys.b, "bob", user)
}

// oneReplicaPaused has many users, as either replica may be read.
func oneReplicaPaused(sys *system) {
	users := sys.newManyApproved()
	sys.pause(sys.replicas[0])
	for _, user := range users {
		sys.approveUnpublished(user)
	}
	sys.clock.pass(maxAge + time.Second)
	for sys.checkGates(sys.b); !sys.b.replicas[1].Gate.Open(); sys.checkGates(sys.b) {
	}
	for _, user := range users {
		sys.read(sys.b, "bob", user)
	}
}

// replicaRestarted restarts a replica that shows less than it did, as it has lost what it had not written to its disk yet.
func replicaRestarted(sys *system) {
	users := sys.newManyApproved()
	sys.checkpoint(0)
	sys.approveAll(users)
	const behind = "SELECT count(*) = 1 FROM tickets WHERE user_id = $1 AND status = 'approved'"
	sys.exec(sys.replicas[0], "ALTER SYSTEM SET recovery_min_apply_delay = '1h'")
	sys.Cleanup(func() {
		sys.exec(sys.replicas[0], "ALTER SYSTEM RESET recovery_min_apply_delay")
		sys.exec(sys.replicas[0], "SELECT pg_reload_conf()")
		sys.waitUntil(sys.replicas[0], "SELECT NOT ("+behind+")", users[len(users)-1])
	})
	sys.cluster.Halt(pgdev.Replica)
	sys.resume(pgdev.Replica)
	sys.waitUntil(sys.replicas[0], behind, users[0])
	sys.a.pools[0].Reset() // nothing is left of the connections from before
	for _, user := range users {
		sys.read(sys.a, "earlier", user)
	}
}

// checkpoint makes the next recovery of a replica begin here.
func (sys *system) checkpoint(replica int) {
	sys.Helper()
	sys.exec(sys.primary, "CHECKPOINT")
	sys.waitUntil(sys.replicas[replica], "SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn", sys.flushed())
	sys.exec(sys.replicas[replica], "CHECKPOINT")
}

func (sys *system) flushed() (at string) {
	sys.Helper()
	if err := sys.primary.QueryRow(sys.Context(), "SELECT pg_current_wal_flush_lsn()::text").Scan(&at); err != nil {
		sys.Fatal(err)
	}
	return at
}

// withoutLag leaves every gate of an instance open for ever once it was.
func (d *instance) withoutLag() {
	for _, one := range d.replicas {
		one.Gate.WithoutLag()
	}
}

func disconnected(sys *system) {
	user := sys.newApproved()
	sys.read(sys.b, "bob", user)
	sys.relays[1].Silence() // the instance does not notice it at once
	sys.mustApprove(sys.a, "ann", user)
	sys.waitForChange(sys.b, "") // it has noticed, and listens again
	sys.read(sys.b, "bob", user)
}

func freshThenOrdinary(sys *system) {
	user := sys.newApproved()
	sys.read(sys.b, "bob", user)
	sys.pause(sys.replicas...)
	sys.approveUnpublished(user)
	if err := sys.readFresh(sys.b, "bob", user); err != nil {
		sys.Error(err)
	}
	sys.read(sys.b, "bob", user)
}

// replicaAhead makes commits wait for a standby that does not exist; the replica does not know that, and shows them.
func replicaAhead(sys *system) {
	user := sys.newApproved()
	release := sys.approveWaitingForStandby(user)
	sys.checkGates(sys.b)
	sys.read(sys.b, "bob", user)              // from the replica, which shows the commit
	sys.b.Forget(ticket.Change{UserID: user}) // another ticket of the user was written
	sys.read(sys.b, "bob", user)              // from the primary, which does not show it yet
	release()
}

// approveWaitingForStandby leaves an approval of a user waiting for its standby until it is released.
func (sys *system) approveWaitingForStandby(user string) (release func()) {
	sys.Helper()
	ids := make(chan uuid.UUID, 100)
	for range cap(ids) {
		id := uuid.New()
		sys.submit(id, user)
		ids <- id
	}
	sys.exec(sys.primary, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
	sys.exec(sys.primary, "SELECT pg_reload_conf()")
	ctx := context.WithoutCancel(sys.Context())
	var approvals sync.WaitGroup
	release = sync.OnceFunc(func() {
		sys.exec(sys.primary, "ALTER SYSTEM RESET synchronous_standby_names")
		sys.exec(sys.primary, "SELECT pg_reload_conf()")
		approvals.Wait()
	})
	sys.Cleanup(release)
	for id := range ids { // the setting reaches the server's processes one after the other
		done := make(chan struct{})
		approvals.Go(func() { sys.decide(ctx, id, user); close(done) })
		if sys.waitsForStandby(id, done) {
			return release
		}
	}
	return release
}

// waitsForStandby reports whether an approval waits for its standby; then the replica shows it.
func (sys *system) waitsForStandby(id uuid.UUID, done <-chan struct{}) bool {
	for waiting := false; !waiting; {
		select {
		case <-done:
			return false
		default:
		}
		err := sys.primary.QueryRow(sys.Context(), "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')").Scan(&waiting)
		if err != nil {
			sys.Fatal(err)
		}
	}
	for _, one := range sys.replicas {
		sys.waitUntil(one, "SELECT EXISTS (SELECT FROM user_tickets WHERE ticket_id = $1)", id)
	}
	return true
}
