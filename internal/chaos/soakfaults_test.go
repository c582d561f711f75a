package chaos_test

import (
	"context"
	"errors"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"docket/internal/pgdev"
)

// fault breaks something until it is repaired.
type fault struct {
	name   string
	silent bool // docket gets no error from it: the longer it lasts, the worse
	inject func(t *testing.T) (repair func())
}

func (s *soak) faults() []fault {
	replicas := s.replicas()
	return []fault{
		{"all replicas paused", true, pauseReplay(replicas...)},
		{"one replica paused", true, pauseReplay(replicas[0])},
		{"first replica stopped", false, s.haltNode(pgdev.Replica)},
		{"second replica stopped", false, s.haltNode(pgdev.Replica + 1)},
		{"replication cut off", true, s.cutReplication},
		{"primary stopped", false, s.haltNode(pgdev.Primary)},
		{"LISTEN connections terminated", false, s.terminateListeners},
		{"LISTEN connections silent", false, s.silenceListeners},
		{"instance killed", false, s.killInstance},
	}
}

func (r *rig) haltNode(node pgdev.Node) func(*testing.T) func() {
	return func(t *testing.T) func() {
		r.cluster.Halt(node)
		return func() { r.resume(t, node) }
	}
}

func (r *rig) cutReplication(t *testing.T) (repair func()) {
	restore, err := r.cluster.StopReplication(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := restore(); err != nil {
			t.Fatal(err)
		}
	}
}

// pauseReplay keeps replicas at the state that they have.
func pauseReplay(replicas ...string) func(*testing.T) func() {
	return func(t *testing.T) func() {
		executeOn(t, replicas, "SELECT pg_wal_replay_pause()")
		return func() { executeOn(t, replicas, "SELECT pg_wal_replay_resume()") }
	}
}

func (r *rig) terminateListeners(t *testing.T) (repair func()) {
	executeOn(t, []string{r.db.Primary}, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'docket listens'")
	return func() {}
}

// silenceListeners lets nothing more through the connections that the instances listen on. New ones work.
func (s *soak) silenceListeners(*testing.T) (repair func()) {
	for _, i := range s.instances {
		i.relay.Silence()
	}
	return func() {}
}

func (s *soak) killInstance(t *testing.T) (repair func()) {
	s.instances[0].end(t, syscall.SIGKILL)
	return s.instances[0].startAgain
}

func executeOn(t *testing.T, databases []string, statement string) {
	t.Helper()
	for _, url := range databases {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		_, err = conn.Exec(t.Context(), statement)
		if err := errors.Join(err, conn.Close(context.WithoutCancel(t.Context()))); err != nil {
			t.Fatal(err)
		}
	}
}
