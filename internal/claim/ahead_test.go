package claim_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"docket/internal/claim"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// ahead claims the next ticket ahead, of a list.
func ahead(ctx context.Context, c *claim.Claims, agent uuid.UUID, list string) (uuid.UUID, error) {
	return c.Ahead(ctx, agent, list, func(ctx context.Context) (uuid.UUID, error) { return c.Next(ctx, agent) })
}

// held counts an agent's claims that end after so many milliseconds.
func held(t *testing.T, p *postgres.Pool, agent uuid.UUID, ms int) (n int) {
	t.Helper()
	if err := p.QueryRow(t.Context(), "SELECT count(*) FROM claims WHERE account_id = $1 AND until_ms > now_ms() + $2::bigint", agent, ms).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

const minutes = 120_000 // more than a claim ahead lasts

func TestAhead_OneAndThenNext(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	_, second, third := submit(t, d, "ann"), submit(t, d, "bo"), submit(t, d, "cy")
	who := agents(t, p, 2)
	if _, err := c.Next(t.Context(), who[0]); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if id, err := ahead(t.Context(), c, who[0], ""); err != nil || id != second.ID {
			t.Fatalf("ahead %s, %v; want %s", id, err, second.ID)
		}
	}
	if all, long := held(t, p, who[0], 0), held(t, p, who[0], minutes); all != 2 || long != 1 {
		t.Errorf("%d claims, %d of them long; want 2 and 1", all, long)
	}
	if id, err := c.Next(t.Context(), who[1]); err != nil || id != third.ID {
		t.Errorf("a colleague gets %s, %v; want the third", id, err)
	}
	if id, err := c.TakeAhead(t.Context(), who[0], ""); err != nil || id != second.ID {
		t.Errorf("took %s, %v; want %s", id, err, second.ID)
	}
	if long := held(t, p, who[0], minutes); long != 2 {
		t.Errorf("%d long claims, want those of both tickets", long)
	}
	if _, err := c.TakeAhead(t.Context(), who[0], ""); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("took a second one: %v, want ErrNotFound", err)
	}
}

func TestAhead_OfAnotherList(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	submit(t, d, "a")
	agent := agents(t, p, 1)[0]
	if _, err := ahead(t.Context(), c, agent, "user=a"); err != nil {
		t.Fatal(err)
	}
	if id, err := c.TakeAhead(t.Context(), agent, ""); !errors.Is(err, ticket.ErrNotFound) {
		t.Errorf("took %s, %v; want ErrNotFound", id, err)
	}
	if n := held(t, p, agent, 0); n != 0 {
		t.Errorf("%d tickets are held, want none", n)
	}
}

func TestAhead_GivenBackOrOpened(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	made := submit(t, d, "a")
	agent := agents(t, p, 1)[0]
	if _, err := ahead(t.Context(), c, agent, ""); err != nil {
		t.Fatal(err)
	}
	if err := c.DropAhead(t.Context(), agent); err != nil {
		t.Fatal(err)
	}
	if n := held(t, p, agent, 0); n != 0 {
		t.Fatalf("%d tickets are held, want none", n)
	}
	if _, err := ahead(t.Context(), c, agent, ""); err != nil {
		t.Fatal(err)
	}
	claims, err := c.List(t.Context(), made.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.OpenAhead(t.Context(), claims[made.ID], made.ID); err != nil {
		t.Fatal(err)
	}
	if err := c.DropAhead(t.Context(), agent); err != nil { // the page before says that it was left
		t.Fatal(err)
	}
	if n := held(t, p, agent, minutes); n != 1 {
		t.Errorf("%d tickets are held, want the opened one", n)
	}
}

func TestAhead_ClosedOrEnded(t *testing.T) {
	t.Parallel()
	d, c, p := open(t)
	agent := agents(t, p, 1)[0]
	for name, end := range map[string]func(ticket.Ticket){
		"withdrawn": func(made ticket.Ticket) { _, _ = d.Withdraw(t.Context(), made.UserID, made.ID) },
		"ended":     func(ticket.Ticket) { _, _ = p.Exec(t.Context(), "UPDATE claims SET until_ms = now_ms() - 1") },
	} {
		made := submit(t, d, name)
		if id, err := ahead(t.Context(), c, agent, ""); err != nil || id != made.ID {
			t.Fatalf("%s: ahead %s, %v", name, id, err)
		}
		end(made)
		if id, err := c.TakeAhead(t.Context(), agent, ""); !errors.Is(err, ticket.ErrNotFound) {
			t.Errorf("%s: took %s, %v; want ErrNotFound", name, id, err)
		}
		_, _ = d.Withdraw(t.Context(), made.UserID, made.ID) // so that the next round has one ticket
	}
}
