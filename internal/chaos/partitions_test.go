package chaos_test

import (
	"bufio"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/claim"
	"docket/internal/consistency"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/ticket"
)

// TestPartitions_UnderLoad changes a database over to partitions while two instances work. The command is killed in its steps, with -short in one, and run again.
// Every promise holds, and clients get nothing that they do not retry.
func TestPartitions_UnderLoad(t *testing.T) {
	t.Parallel()
	r := newSharedRig(t)
	s := &soak{rig: r, requests: map[string]int{}}
	form := manyTicketsForm(t)
	for range 2 {
		s.instances = append(s.instances, startInstance(t, s.db, "FORM_FILE="+form))
	}
	history := consistency.NewHistory(time.Now)
	stop := s.startClients(t, history)
	l := startLoad(t, startInstance(t, s.db).url, r.key)
	desk := startDesk(t, r)
	l.waitForTraffic(100)
	steps := []string{"makes", "copies", "waits", "compares", "checks"}
	if testing.Short() {
		steps = steps[4:]
	}
	for _, step := range steps {
		r.killPartitioning(t, step)
		l.waitForTraffic(10)
	}
	cmd := newCommand(t, s.db, "migrate", "up", "--partitions", "2")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("migrate up: %v: %s", err, out)
	} else {
		t.Logf("%s", out)
	}
	l.waitForTraffic(100)
	stop()
	desk.stop()
	l.checkAnswers(answerLimit)
	l.checkNoRefusals("read")
	var kept int
	if err := r.connect(t, r.db.Primary).QueryRow(t.Context(), "SELECT count(*) FROM tickets WHERE id = ANY ($1) OR id = ANY ($2) AND status = 'approved'",
		l.made, l.approved).Scan(&kept); err != nil || kept != len(l.made) {
		t.Errorf("%d of %d tickets are stored: %v", kept, len(l.made), err)
	}
	s.checkHistory(t, history)
	for _, name := range slices.Sorted(maps.Keys(s.requests)) {
		t.Logf("%10d  %s", s.requests[name], name)
	}
	for _, o := range history.Finished() {
		if o.Err != nil && !strings.HasPrefix(o.Err.Error(), "status 503") {
			t.Errorf("%s of %s: %v", o.Kind, o.User, o.Err)
		}
	}
	if l.cut > 0 {
		t.Errorf("%d requests got no answer", l.cut)
	}
	r.verify(t)
}

// killPartitioning ends the command with SIGKILL as soon as it reports a step.
func (r *rig) killPartitioning(t *testing.T, step string) {
	t.Helper()
	cmd := newCommand(t, r.db, "migrate", "up", "--partitions", "2")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	found := false
	for lines := bufio.NewScanner(out); !found && lines.Scan(); {
		found = strings.HasPrefix(lines.Text(), "partitions: "+step)
	}
	_ = cmd.Process.Kill() // it may have ended
	_ = cmd.Wait()         // killed
	if !found {
		t.Errorf("the command ended without the step %q", step)
	}
}

// desk is an agent who claims tickets, decides them, and takes each decision back.
type desk struct {
	stopped atomic.Bool
	ended   chan struct{}
	t       *testing.T
	rounds  int
	refused int // answers after which a client tries again
}

func startDesk(t *testing.T, r *rig) *desk {
	t.Helper()
	add := newCommand(t, r.db, "account", "add", "agent@example.com", "--role", "agent")
	add.Stdin = strings.NewReader("correct horse battery\n")
	if out, err := add.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	pool, err := postgres.Connect(t.Context(), r.db.Primary)
	if err != nil {
		t.Fatal(err)
	}
	var agent uuid.UUID
	if err := pool.QueryRow(t.Context(), "SELECT id FROM accounts").Scan(&agent); err != nil {
		t.Fatal(err)
	}
	d := &desk{ended: make(chan struct{}), t: t}
	go func() {
		defer close(d.ended)
		defer pool.Close()
		d.work(store.New(pool, slog.New(slog.DiscardHandler)), claim.New(pool), agent)
	}()
	t.Cleanup(d.stop)
	return d
}

func (d *desk) stop() {
	if !d.stopped.Swap(true) {
		<-d.ended
		d.t.Logf("%d claims, decisions and undos, %d refused", d.rounds, d.refused)
	}
}

func (d *desk) work(tickets *store.Store, claims *claim.Claims, agent uuid.UUID) {
	ctx := d.t.Context()
	for ; !d.stopped.Load(); d.rounds++ {
		user := fmt.Sprint("desk-", d.rounds)
		var made ticket.Ticket
		approval := ticket.Decision{Status: ticket.Approved, By: ticket.Agent(agent.String())}
		for _, step := range []func() error{
			func() (err error) {
				made, err = tickets.Submit(ctx, ticket.Submission{UserID: user, By: ticket.User(user), Key: "1", OneOpen: true, Extra: []byte(`{}`)})
				return err
			},
			func() error { _, err := claims.Take(ctx, agent, made.ID); return err },
			func() error { return tickets.Postpone(ctx, made.ID, 1, approval, time.Minute) },
			func() error { return tickets.Undo(ctx, made.ID, agent) },
			func() error { _, err := claims.Release(ctx, agent, made.ID); return err },
		} {
			for err := step(); err != nil; err = step() {
				if !errors.Is(err, ticket.ErrUnavailable) && !errors.Is(err, ticket.ErrOverloaded) {
					d.t.Errorf("ticket of %s: %v", user, err)
					return
				}
				d.refused++
			}
		}
	}
}
