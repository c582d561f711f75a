package cache_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"docket/internal/pgdev"
	"docket/internal/ticket"
)

// testFaults injects the faults that need the guards, one at a time; no promise is broken.
func testFaults(t *testing.T, n nodes) {
	for name, run := range map[string]func(*system){
		"listeners terminated":         listenersTerminated,
		"replicas stopped":             replicasStopped,
		"one replica stopped":          oneReplicaStopped,
		"replication stopped":          replicationStopped,
		"primary killed":               primaryKilled,
		"primary and a replica killed": primaryAndReplicaKilled,
	} {
		t.Run(name, func(t *testing.T) {
			sys := open(t, n, nil)
			run(sys)
			sys.expectNoFindings()
		})
	}
}

const terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'docket listens'"

func listenersTerminated(sys *system) {
	user := sys.newApproved()
	for range 3 {
		sys.read(sys.b, "bob", user)
		sys.exec(sys.primary, terminate)
		sys.mustApprove(sys.a, "ann", user)
		sys.read(sys.a, "ann", user)
		sys.waitForChange(sys.b, "")
		sys.read(sys.b, "bob", user)
	}
}

func replicasStopped(sys *system) {
	user := sys.newApproved()
	sys.cluster.Halt(pgdev.Replica)
	sys.cluster.Halt(pgdev.Replica + 1)
	sys.read(sys.a, "bob", user) // its gates do not know yet
	sys.mustApprove(sys.b, "ann", user)
	sys.clock.pass(maxAge)
	sys.checkGates(sys.a)
	sys.expectOpen(sys.a, false, false)
	sys.read(sys.a, "bob", user)
	sys.resume(pgdev.Replica)
	sys.resume(pgdev.Replica + 1)
	sys.clock.pass(maxAge)
	sys.proveReplicas(sys.a)
	sys.read(sys.a, "bob", user)
}

// oneReplicaStopped leaves the other one to be read, until it is back.
func oneReplicaStopped(sys *system) {
	user := sys.newApproved()
	sys.cluster.Halt(pgdev.Replica)
	sys.clock.pass(maxAge)
	for sys.checkGates(sys.a); !sys.a.replicas[1].Gate.Open(); sys.checkGates(sys.a) {
	}
	sys.expectOpen(sys.a, false, true)
	before := sys.a.slow[1].reads.Load()
	sys.read(sys.a, "bob", user)
	if got := sys.a.slow[1].reads.Load(); got != before+1 {
		sys.Errorf("the running replica was read %d times, want once", got-before)
	}
	sys.resume(pgdev.Replica)
	sys.proveReplicas(sys.a)
	sys.read(sys.a, "bob", user)
}

// expectOpen checks which replicas an instance may read.
func (sys *system) expectOpen(d *instance, want ...bool) {
	sys.Helper()
	for i, one := range d.replicas {
		if one.Gate.Open() != want[i] {
			sys.Errorf("the gate of replica %d is open: %v, want %v", i, one.Gate.Open(), want[i])
		}
	}
}

func (sys *system) resume(node pgdev.Node) {
	sys.Helper()
	if err := sys.cluster.Resume(sys.Context(), node); err != nil {
		sys.Fatal(err)
	}
	sys.primary.Reset() // what is left of the connections from before
	for _, one := range sys.replicas {
		one.Reset()
	}
}

// replicationStopped leaves replicas that have replayed all that they received, and believe to be up to date.
func replicationStopped(sys *system) {
	user := sys.newApproved()
	resume, err := sys.cluster.StopReplication(sys.Context())
	if err != nil {
		sys.Fatal(err)
	}
	sys.approveUnpublished(user)
	sys.clock.pass(maxAge + 1)
	sys.checkGates(sys.b)
	sys.read(sys.b, "bob", user)
	if err := resume(); err != nil {
		sys.Fatal(err)
	}
	sys.clock.pass(maxAge + 1)
	sys.proveReplicas(sys.b)
	sys.read(sys.b, "bob", user)
}

func primaryKilled(sys *system) {
	user := sys.newApproved()
	sys.cluster.Halt(pgdev.Primary)
	sys.readUntilAnswered(sys.a, "bob", user) // it does not know yet
	sys.clock.pass(maxAge)
	sys.checkGates(sys.a)
	for range 2 { // it is not cached
		if a := sys.readUntilAnswered(sys.a, "bob", user); !a.Degraded {
			sys.Errorf("got %+v without a primary, want it degraded", a)
		}
	}
	if a, err := sys.a.Latest(sys.Context(), "nobody"); !a.Degraded || !errors.Is(err, ticket.ErrNotFound) {
		sys.Errorf("of nobody: %+v, %v; want a degraded ErrNotFound", a, err)
	}
	if err := sys.readFresh(sys.a, "bob", user); !errors.Is(err, ticket.ErrUnavailable) {
		sys.Errorf("a fresh read: %v, want ErrUnavailable", err)
	}
	if err := sys.approve(sys.a, "ann", user); !errors.Is(err, ticket.ErrUnavailable) {
		sys.Errorf("an approval: %v, want ErrUnavailable", err)
	}
	sys.resume(pgdev.Primary)
	for sys.approve(sys.a, "ann", user) != nil { // until the connections from before are gone
	}
	if a := sys.read(sys.a, "ann", user); a.Degraded {
		sys.Errorf("got %+v with a primary", a)
	}
}

func primaryAndReplicaKilled(sys *system) {
	user := sys.newApproved()
	sys.cluster.Halt(pgdev.Primary)
	sys.cluster.Halt(pgdev.Replica)
	for range 2 { // before and after the gates are closed
		if a := sys.readUntilAnswered(sys.a, "bob", user); a.TicketID == uuid.Nil {
			sys.Errorf("got %+v, want what the other replica has", a)
		}
		sys.clock.pass(maxAge)
		sys.checkGates(sys.a)
	}
	sys.resume(pgdev.Primary)
	sys.resume(pgdev.Replica)
}

// readUntilAnswered repeats a read that fails while the connections from before are closed.
func (sys *system) readUntilAnswered(d *instance, client, user string) ticket.Approval {
	for {
		if a := sys.read(d, client, user); a.UserID == user {
			return a
		}
	}
}
