package cache_test

import (
	"errors"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/pgdev"
	"docket/internal/ticket"
)

// failures are the faults that the guards are there for, one at a time; nothing is found.
func failures(t *testing.T, n nodes) {
	for sentence, play := range map[string]func(*rig){
		"the connections that listen are terminated": terminated,
		"the replica stops":                          replicaStops,
		"the replica is cut off from the primary":    cutOff,
		"the primary is killed":                      primaryDies,
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

func replicaStops(r *rig) {
	user := r.approved()
	r.cluster.Halt(pgdev.Replica)
	r.read(r.a, "bob", user) // its gate does not know yet
	r.mustApprove(r.b, "ann", user)
	r.clock.pass(bound)
	r.a.gate.Look(r.Context())
	if r.a.gate.Open() {
		r.Error("the gate is open although the replica is gone")
	}
	r.read(r.a, "bob", user)
	r.resume(pgdev.Replica)
	r.clock.pass(bound)
	r.prove(r.a)
	r.read(r.a, "bob", user)
}

func (r *rig) resume(node pgdev.Node) {
	r.Helper()
	if err := r.cluster.Resume(r.Context(), node); err != nil {
		r.Fatal(err)
	}
	r.primary.Reset() // what is left of the connections from before
	r.replica.Reset()
}

// cutOff leaves a replica that has replayed all that it received, and believes that it is not behind.
func cutOff(r *rig) {
	user := r.approved()
	connect := r.refuseReplication()
	r.approveAndDie(user)
	r.clock.pass(bound + 1)
	r.b.gate.Look(r.Context())
	r.read(r.b, "bob", user)
	connect()
	r.clock.pass(bound + 1)
	r.prove(r.b)
	r.read(r.b, "bob", user)
}

// refuseReplication returns when the primary sends the replica nothing any more.
func (r *rig) refuseReplication() (allow func()) {
	r.Helper()
	var file string
	if err := r.primary.QueryRow(r.Context(), "SHOW hba_file").Scan(&file); err != nil {
		r.Fatal(err)
	}
	rules, err := os.ReadFile(file)
	if err != nil {
		r.Fatal(err)
	}
	write := func(rules []byte) {
		if err := os.WriteFile(file, rules, 0o600); err != nil {
			r.Error(err)
		}
		r.exec(r.primary, "SELECT pg_reload_conf()")
	}
	write(append([]byte("local replication all reject\n"), rules...))
	r.Cleanup(func() { write(rules) })
	for r.replicates() {
	}
	r.exec(r.primary, "SELECT pg_terminate_backend(pid) FROM pg_stat_replication")
	r.until(r.primary, "SELECT NOT EXISTS (SELECT FROM pg_stat_replication)")
	return func() { write(rules) }
}

// replicates reports whether the primary lets a replica connect.
func (r *rig) replicates() bool {
	config, err := pgconn.ParseConfig(r.cluster.Primary(pgdev.Database))
	if err != nil {
		r.Fatal(err)
	}
	config.RuntimeParams["replication"] = "true"
	conn, err := pgconn.ConnectConfig(r.Context(), config)
	if err == nil {
		conn.Close(r.Context())
	}
	return err == nil
}

func primaryDies(r *rig) {
	user := r.approved()
	r.cluster.Halt(pgdev.Primary)
	if a := r.read(r.a, "bob", user); a.Degraded || a.TicketID.Version() == 0 {
		r.Errorf("got %+v from a replica that was proven just now", a)
	}
	r.clock.pass(bound)
	r.a.gate.Look(r.Context())
	for range 2 { // it is not kept
		if a := r.read(r.a, "bob", user); !a.Degraded {
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
