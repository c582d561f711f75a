package app_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/db/migrations"
	"docket/internal/app"
	"docket/internal/form/formfile"
	"docket/internal/pgdev"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// nodes is a primary and replicas that a test may break, and a connection to each.
type nodes struct {
	*testing.T
	cluster  *pgdev.Cluster
	primary  *postgres.Pool
	replicas []*postgres.Pool
}

func start(t *testing.T, replicas int) *nodes {
	t.Helper()
	cluster, dir, err := testdb.Start(t.Context(), replicas)
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
	n := &nodes{T: t, cluster: cluster, primary: pool(t, cluster.Primary(pgdev.Database))}
	for _, url := range cluster.Replicas(pgdev.Database) {
		n.replicas = append(n.replicas, pool(t, url))
	}
	return n
}

func pool(t *testing.T, url string) *postgres.Pool {
	t.Helper()
	p, err := postgres.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// open runs an instance that reads replicas and gets no notifications, so that no user counts as just written.
func (n *nodes) open(replicas ...string) *app.Instance {
	n.Helper()
	return n.openOn(n.cluster.Primary(pgdev.Database), replicas...)
}

// openOn is open with a primary at another address.
func (n *nodes) openOn(primary string, replicas ...string) *app.Instance {
	n.Helper()
	i, err := app.Open(n.Context(), app.Config{
		DatabaseURL: primary, DirectURL: "postgres://nobody@127.0.0.1:1/none",
		ReplicaURL: strings.Join(replicas, ","),
		Secret:     make([]byte, 32), Form: formfile.Default(), Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		n.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(n.Context()))
	done := make(chan error, 1)
	go func() { done <- i.Run(ctx) }()
	n.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			n.Error(err)
		}
		i.Close()
	})
	return i
}

// approve approves a ticket of each of the users, by another instance.
func (n *nodes) approve(users []string) (tickets []uuid.UUID) {
	n.Helper()
	desk := store.New(n.primary, slog.New(slog.DiscardHandler))
	for _, user := range users {
		made, err := desk.Submit(n.Context(), ticket.Submission{UserID: user, By: ticket.User(user), Key: uuid.NewString(), Extra: []byte(`{}`)})
		if err != nil {
			n.Fatal(err)
		}
		if _, err := desk.Decide(n.Context(), made.ID, made.Version, ticket.Approve("agent:joe", "")); err != nil {
			n.Fatal(err)
		}
		tickets = append(tickets, made.ID)
	}
	return tickets
}

func (n *nodes) exec(on *postgres.Pool, statement string) {
	n.Helper()
	if _, err := on.Exec(n.Context(), statement); err != nil {
		n.Fatalf("%s: %v", statement, err)
	}
}

// until asks until the answer is yes. A node that was just restarted may break the connection.
func (n *nodes) until(on *postgres.Pool, question string, args ...any) {
	n.Helper()
	for yes := false; !yes; {
		if err := on.QueryRow(n.Context(), question, args...).Scan(&yes); err != nil && n.Context().Err() != nil {
			n.Fatalf("%s: %v", question, err)
		}
	}
}

// proven waits until every replica of an instance is proven.
func (n *nodes) proven(i *app.Instance) {
	n.Helper()
	operators := httptest.NewServer(i.Metrics.Handler())
	defer operators.Close()
	for unknown := true; unknown; {
		text := fetch(n.T, operators.URL+"/metrics", "")
		unknown = regexp.MustCompile(`docket_replica_proven_age_seconds{.*} \+Inf`).MatchString(text)
	}
}

// TestReplica_Restarted restarts a replica that loses what it had not written to its disk yet. What an
// instance had proven of it before must not count any more.
func TestReplica_Restarted(t *testing.T) {
	t.Parallel()
	t.Run("reached directly", func(t *testing.T) {
		t.Parallel()
		fallBack(t, func(direct string) string { return direct })
	})
	t.Run("behind a pooler, which keeps the connections", func(t *testing.T) {
		t.Parallel()
		fallBack(t, func(direct string) string { return pooler(t, direct)[0] })
	})
}

func fallBack(t *testing.T, reach func(direct string) string) {
	n := start(t, 1)
	users := []string{"ann", "bob", "cem", "dan", "eve"}
	n.approve(users)
	n.exec(n.primary, "CHECKPOINT")
	n.until(n.replicas[0], "SELECT count(*) = $1 FROM user_tickets", len(users))
	n.exec(n.replicas[0], "CHECKPOINT") // its recovery after the restart begins here
	want := n.approve(users)
	i := n.open(reach(n.cluster.Replica(pgdev.Database)))
	n.until(n.replicas[0], "SELECT EXISTS (SELECT FROM user_tickets WHERE ticket_id = $1)", want[len(want)-1])
	n.proven(i)

	n.exec(n.replicas[0], "ALTER SYSTEM SET recovery_min_apply_delay = '1h'")
	n.cluster.Halt(pgdev.Replica)
	if err := n.cluster.Resume(t.Context(), pgdev.Replica); err != nil {
		t.Fatal(err)
	}
	n.until(n.replicas[0], "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'docket')") // the instance is back
	n.until(n.replicas[0], "SELECT NOT EXISTS (SELECT FROM user_tickets WHERE ticket_id = $1)", want[0])
	for k, user := range users {
		if got, err := i.Desk.Latest(t.Context(), user); err != nil || got.TicketID != want[k] {
			t.Errorf("%s: ticket %s, %v; want %s, which the replica lost", user, got.TicketID, err, want[k])
		}
	}
}
