package cache_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"docket/internal/pgdev"
	"docket/internal/ticket"
)

// failures are the faults that the guards are there for, one at a time; nothing is found.
func failures(t *testing.T, n nodes) {
	for sentence, play := range map[string]func(*rig){
		"the connections that listen are terminated": terminated,
		"the replicas stop":                          replicasStop,
		"one replica stops":                          oneStops,
		"the replicas are cut off from the primary":  cutOff,
		"the primary is killed":                      primaryDies,
		"the primary and a replica are killed":       onlyOneLives,
	} {
		t.Run(sentence, func(t *testing.T) {
			r := open(t, n, nil)
			play(r)
			r.keepsEveryPromise()
		})
	}
}

const terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'docket listens'"

func terminated(r *rig) {
	user := r.approved()
	for range 3 {
		r.read(r.b, "bob", user)
		r.exec(r.primary, terminate)
		r.mustApprove(r.a, "ann", user)
		r.read(r.a, "ann", user)
		r.forgets(r.b, "")
		r.read(r.b, "bob", user)
	}
}

func replicasStop(r *rig) {
	user := r.approved()
	r.cluster.Halt(pgdev.Replica)
	r.cluster.Halt(pgdev.Replica + 1)
	r.read(r.a, "bob", user) // its gates do not know yet
	r.mustApprove(r.b, "ann", user)
	r.clock.pass(bound)
	r.look(r.a)
	r.opens(r.a, false, false)
	r.read(r.a, "bob", user)
	r.resume(pgdev.Replica)
	r.resume(pgdev.Replica + 1)
	r.clock.pass(bound)
	r.prove(r.a)
	r.read(r.a, "bob", user)
}

// oneStops leaves the other one to be read, until it is back.
func oneStops(r *rig) {
	user := r.approved()
	r.cluster.Halt(pgdev.Replica)
	r.clock.pass(bound)
	for r.look(r.a); !r.a.replicas[1].Gate.Open(); r.look(r.a) {
	}
	r.opens(r.a, false, true)
	before := r.a.slow[1].reads.Load()
	r.read(r.a, "bob", user)
	if got := r.a.slow[1].reads.Load(); got != before+1 {
		r.Errorf("the replica that lives was read %d times, want once", got-before)
	}
	r.resume(pgdev.Replica)
	r.prove(r.a)
	r.read(r.a, "bob", user)
}

// opens checks which replicas an instance may read.
func (r *rig) opens(d *docket, want ...bool) {
	r.Helper()
	for i, one := range d.replicas {
		if one.Gate.Open() != want[i] {
			r.Errorf("the gate of replica %d is open: %v, want %v", i, one.Gate.Open(), want[i])
		}
	}
}

func (r *rig) resume(node pgdev.Node) {
	r.Helper()
	if err := r.cluster.Resume(r.Context(), node); err != nil {
		r.Fatal(err)
	}
	r.primary.Reset() // what is left of the connections from before
	for _, one := range r.replicas {
		one.Reset()
	}
}

// cutOff leaves a replica that has replayed all that it received, and believes that it is not behind.
func cutOff(r *rig) {
	user := r.approved()
	mend, err := r.cluster.StopReplication(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	r.approveAndDie(user)
	r.clock.pass(bound + 1)
	r.look(r.b)
	r.read(r.b, "bob", user)
	if err := mend(); err != nil {
		r.Fatal(err)
	}
	r.clock.pass(bound + 1)
	r.prove(r.b)
	r.read(r.b, "bob", user)
}

func primaryDies(r *rig) {
	user := r.approved()
	r.cluster.Halt(pgdev.Primary)
	r.answered(r.a, "bob", user) // it does not know yet
	r.clock.pass(bound)
	r.look(r.a)
	for range 2 { // it is not kept
		if a := r.answered(r.a, "bob", user); !a.Degraded {
			r.Errorf("got %+v without a primary, want it degraded", a)
		}
	}
	if a, err := r.a.Latest(r.Context(), "nobody"); !a.Degraded || !errors.Is(err, ticket.ErrNotFound) {
		r.Errorf("of nobody: %+v, %v; want a degraded ErrNotFound", a, err)
	}
	if err := r.readNow(r.a, "bob", user); !errors.Is(err, ticket.ErrUnavailable) {
		r.Errorf("a strong read: %v, want ErrUnavailable", err)
	}
	if err := r.approve(r.a, "ann", user); !errors.Is(err, ticket.ErrUnavailable) {
		r.Errorf("an approval: %v, want ErrUnavailable", err)
	}
	r.resume(pgdev.Primary)
	for r.approve(r.a, "ann", user) != nil { // until the connections from before are gone
	}
	if a := r.read(r.a, "ann", user); a.Degraded {
		r.Errorf("got %+v with a primary", a)
	}
}

func onlyOneLives(r *rig) {
	user := r.approved()
	r.cluster.Halt(pgdev.Primary)
	r.cluster.Halt(pgdev.Replica)
	for range 2 { // whichever the gates know of
		if a := r.answered(r.a, "bob", user); a.TicketID == uuid.Nil {
			r.Errorf("got %+v, want what the other replica has", a)
		}
		r.clock.pass(bound)
		r.look(r.a)
	}
	r.resume(pgdev.Primary)
	r.resume(pgdev.Replica)
}

// answered is read, again and again until there is an answer: a replica that was late once is left alone for a while.
func (r *rig) answered(d *docket, who, user string) ticket.Approval {
	for {
		if a := r.read(d, who, user); a.UserID == user {
			return a
		}
	}
}
