package claim_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/account"
	"docket/internal/claim"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// open is a store and claims on a database of their own.
func open(t *testing.T) (*store.Store, *claim.Claims, *postgres.Pool) {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return store.New(pool, slog.New(slog.DiscardHandler)), claim.New(pool), pool
}

func submit(t *testing.T, d *store.Store, user string) ticket.Ticket {
	t.Helper()
	return submitAs(t, d, user, "")
}

// submitAs submits a ticket of a user that is put in a queue, again while the database is overloaded.
func submitAs(t *testing.T, d *store.Store, user, queue string) ticket.Ticket {
	t.Helper()
	sub := ticket.Submission{
		UserID: user, By: ticket.User(user), Key: uuid.NewString(), OneOpen: true, FormVersion: "1", Queue: queue, Extra: json.RawMessage(`{}`),
	}
	for {
		made, err := d.Submit(t.Context(), sub)
		if err != nil && !errors.Is(err, ticket.ErrOverloaded) && !errors.Is(err, ticket.ErrUnavailable) {
			t.Fatalf("submit for %s to queue %q: %v", user, queue, err)
		}
		if err == nil {
			return made
		}
	}
}

func approve(t *testing.T, d *store.Store, open ticket.Ticket) ticket.Ticket {
	t.Helper()
	decided, err := d.Decide(t.Context(), open.ID, open.Version, ticket.Approve("agent:a", ""))
	if err != nil {
		t.Fatalf("approve %s: %v", open.ID, err)
	}
	return decided
}

// nextPatiently repeats Next on a machine with few processors while the database is overloaded.
func nextPatiently(ctx context.Context, c *claim.Claims, agent uuid.UUID) (uuid.UUID, error) {
	for {
		id, err := c.Next(ctx, agent)
		if !errors.Is(err, ticket.ErrOverloaded) && !errors.Is(err, ticket.ErrUnavailable) {
			return id, err
		}
	}
}

// agents makes n accounts that decide.
func agents(t *testing.T, p *postgres.Pool, n int) []uuid.UUID {
	t.Helper()
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = uuid.New()
		if _, err := p.Exec(t.Context(), "INSERT INTO accounts (id, email, role, password_hash) VALUES ($1, $2, $3, 'x')",
			ids[i], ids[i].String()+"@example.com", account.Agent); err != nil {
			t.Fatal(err)
		}
	}
	return ids
}

func TestNext_ConcurrentAgents(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	made := map[uuid.UUID]bool{}
	for _, user := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		made[submit(t, d, user).ID] = true
	}
	taken := make(chan uuid.UUID, 20)
	var g errgroup.Group
	for _, agent := range agents(t, p, 20) {
		g.Go(func() error {
			id, err := nextPatiently(t.Context(), c, agent)
			if errors.Is(err, ticket.ErrNotFound) {
				return nil
			}
			taken <- id
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	close(taken)
	for id := range taken {
		if !made[id] {
			t.Errorf("%s was given twice", id)
		}
		delete(made, id)
	}
	if len(made) != 0 {
		t.Errorf("%d tickets are left, and agents went away with nothing", len(made))
	}
}

func TestNext_OldestNotOwn(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 2)
	submit(t, d, who[0].String())
	second, third := submit(t, d, "b"), submit(t, d, "c")
	for _, want := range []uuid.UUID{second.ID, third.ID} {
		if got, err := c.Next(t.Context(), who[0]); err != nil || got != want {
			t.Errorf("next %s, %v; want %s", got, err, want)
		}
	}
	if _, err := c.Next(t.Context(), who[0]); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("next of none: %v, want ErrNotFound", err)
	}
}

func TestTake_OnlyHolderDecides(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 2)
	made := submit(t, d, "ann")
	if _, err := c.Take(t.Context(), who[0], made.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Take(t.Context(), who[0], made.ID); err != nil {
		t.Errorf("keeping it: %v", err)
	}
	if _, err := c.Take(t.Context(), who[1], made.ID); !errors.Is(err, ticket.ErrClaimed) {
		t.Errorf("claim by a colleague: %v, want ErrClaimed", err)
	}
	for _, by := range []string{ticket.Agent(who[1].String()), ticket.Key("robot")} {
		if _, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve(by, "")); !errors.Is(err, ticket.ErrClaimed) {
			t.Errorf("decision by %s: %v, want ErrClaimed", by, err)
		}
	}
	if claims, err := c.List(t.Context(), made.ID); err != nil || claims[made.ID].Agent != who[0] {
		t.Errorf("held by %s, %v; want %s", claims[made.ID].Agent, err, who[0])
	}
	if _, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve(ticket.Agent(who[0].String()), "")); err != nil {
		t.Errorf("decision by its holder: %v", err)
	}
	if left, err := c.List(t.Context(), made.ID); err != nil || len(left) != 0 {
		t.Errorf("%d claims on a closed ticket, %v; want none", len(left), err)
	}
}

func TestNext_ReleasedOrExpired(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 2)
	made := submit(t, d, "ann")
	for name, free := range map[string]func() error{
		"released": func() error { _, err := c.Release(t.Context(), who[0], made.ID); return err },
		"expired":  func() error { _, err := p.Exec(t.Context(), "UPDATE claims SET until_ms = now_ms()"); return err },
	} {
		if _, err := c.Take(t.Context(), who[0], made.ID); err != nil {
			t.Fatal(err)
		}
		if released, err := c.Release(t.Context(), who[1], made.ID); err != nil || released { // not theirs to release
			t.Fatalf("release of what a colleague holds: %t, %v", released, err)
		}
		if _, err := c.Take(t.Context(), who[1], made.ID); !errors.Is(err, ticket.ErrClaimed) {
			t.Errorf("claim of what a colleague holds: %v, want ErrClaimed", err)
		}
		if err := free(); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Next(t.Context(), who[1]); err != nil || got != made.ID {
			t.Errorf("%s: next %s, %v; want %s", name, got, err, made.ID)
		}
		if released, err := c.Release(t.Context(), who[1], made.ID); err != nil || !released {
			t.Fatalf("release of what the agent holds: %t, %v", released, err)
		}
	}
}

func TestTake_Refused(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	who := agents(t, p, 1)[0]
	own, done := submit(t, d, who.String()), approve(t, d, submit(t, d, "bob"))
	for name, try := range map[string]struct {
		id   uuid.UUID
		want error
	}{
		"unknown ticket": {uuid.New(), ticket.ErrNotFound},
		"own ticket":     {own.ID, ticket.ErrOwnTicket},
		"closed ticket":  {done.ID, ticket.ErrDecided},
	} {
		if _, err := c.Take(t.Context(), who, try.id); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
}
