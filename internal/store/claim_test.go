package store_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"docket/internal/account"
	"docket/internal/ticket"
)

// agents makes n accounts that decide.
func agents(t *testing.T, p *pgxpool.Pool, n int) []uuid.UUID {
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

func TestNextNeverGivesTwoAgentsTheSameTicket(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	made := map[uuid.UUID]bool{}
	for _, user := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		made[submit(t, d, user).ID] = true
	}
	taken := make(chan uuid.UUID, 20)
	var g errgroup.Group
	for _, agent := range agents(t, p, 20) {
		g.Go(func() error {
			id, err := patient{d}.Next(t.Context(), agent)
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

func TestNextTakesTheOldestThatIsNotOnesOwn(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	who := agents(t, p, 2)
	submit(t, d, who[0].String())
	second, third := submit(t, d, "b"), submit(t, d, "c")
	for _, want := range []uuid.UUID{second.ID, third.ID} {
		if got, err := d.Next(t.Context(), who[0]); err != nil || got != want {
			t.Errorf("next %s, %v; want %s", got, err, want)
		}
	}
	if _, err := d.Next(t.Context(), who[0]); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("next of none: %v, want ErrNotFound", err)
	}
}

func TestAHeldTicketIsDecidedByItsHolderAlone(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	who := agents(t, p, 2)
	made := submit(t, d, "ann")
	if _, err := d.Claim(t.Context(), who[0], made.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Claim(t.Context(), who[0], made.ID); err != nil {
		t.Errorf("keeping it: %v", err)
	}
	if _, err := d.Claim(t.Context(), who[1], made.ID); !errors.Is(err, ticket.ErrHeld) {
		t.Errorf("claim by a colleague: %v, want ErrHeld", err)
	}
	for _, by := range []string{ticket.Agent(who[1].String()), ticket.Key("robot")} {
		if _, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve(by, "")); !errors.Is(err, ticket.ErrHeld) {
			t.Errorf("decision by %s: %v, want ErrHeld", by, err)
		}
	}
	if claims, err := d.Claims(t.Context(), made.ID); err != nil || claims[made.ID].Agent != who[0] {
		t.Errorf("held by %s, %v; want %s", claims[made.ID].Agent, err, who[0])
	}
	if _, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve(ticket.Agent(who[0].String()), "")); err != nil {
		t.Errorf("decision by its holder: %v", err)
	}
	if n := count(t.Context(), t, p, "SELECT count(*) FROM claims"); n != 0 {
		t.Errorf("%d claims on a closed ticket, want none", n)
	}
}

func TestAReleasedOrExpiredTicketIsFree(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	who := agents(t, p, 2)
	made := submit(t, d, "ann")
	for name, free := range map[string]func() error{
		"released": func() error { return d.Release(t.Context(), who[0], made.ID) },
		"expired":  func() error { _, err := p.Exec(t.Context(), "UPDATE claims SET until_ms = now_ms()"); return err },
	} {
		if _, err := d.Claim(t.Context(), who[0], made.ID); err != nil {
			t.Fatal(err)
		}
		if err := d.Release(t.Context(), who[1], made.ID); err != nil { // not theirs to release
			t.Fatal(err)
		}
		if _, err := d.Claim(t.Context(), who[1], made.ID); !errors.Is(err, ticket.ErrHeld) {
			t.Errorf("claim of what a colleague holds: %v, want ErrHeld", err)
		}
		if err := free(); err != nil {
			t.Fatal(err)
		}
		if got, err := d.Next(t.Context(), who[1]); err != nil || got != made.ID {
			t.Errorf("%s: next %s, %v; want %s", name, got, err, made.ID)
		}
		if err := d.Release(t.Context(), who[1], made.ID); err != nil {
			t.Fatal(err)
		}
	}
}

func TestClaimRefuses(t *testing.T) {
	t.Parallel()
	d, p := desk(t)
	who := agents(t, p, 1)[0]
	own, done := submit(t, d, who.String()), approve(t, d, submit(t, d, "bob"))
	for name, try := range map[string]struct {
		id   uuid.UUID
		want error
	}{
		"an unknown ticket": {uuid.New(), ticket.ErrNotFound},
		"one's own ticket":  {own.ID, ticket.ErrOwnTicket},
		"a closed ticket":   {done.ID, ticket.ErrDecided},
	} {
		if _, err := d.Claim(t.Context(), who, try.id); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
}
