package cache_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/cache"
	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/testkit/testdb"
	"docket/internal/ticket"
)

// slow is a Reader around a Reader that counts look-ups and can hold one up after it has read.
type slow struct {
	ticket.Reader
	reads atomic.Int64
	held  chan struct{} // when set: a look-up that has read waits until it is closed
	read  chan struct{} // gets a value when a look-up has read
}

func (g *slow) Latest(ctx context.Context, userID string) (ticket.Approval, error) {
	g.reads.Add(1)
	a, err := g.Reader.Latest(ctx, userID)
	if g.held != nil {
		g.read <- struct{}{}
		<-g.held
	}
	return a, err
}

func (g *slow) LatestBatch(ctx context.Context, userIDs []string) ([]ticket.Approval, error) {
	g.reads.Add(1)
	all, err := g.Reader.LatestBatch(ctx, userIDs)
	if g.held != nil {
		g.read <- struct{}{}
		<-g.held
	}
	return all, err
}

func (g *slow) LatestFor(ctx context.Context, subject string, userIDs []string) ([]ticket.Approval, error) {
	g.reads.Add(1)
	all, err := g.Reader.LatestFor(ctx, subject, userIDs)
	if g.held != nil {
		g.read <- struct{}{}
		<-g.held
	}
	return all, err
}

func (g *slow) TicketsOf(ctx context.Context, userID string, page ticket.Page) (ticket.List, error) {
	g.reads.Add(1)
	return g.Reader.TicketsOf(ctx, userID, page)
}

// writes are those of a Desk.
type writes interface {
	ticket.PendingDesk
	Submit(ctx context.Context, s ticket.Submission) (ticket.Ticket, error)
	Decide(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error)
	GiveFirstOpinion(ctx context.Context, id uuid.UUID, version int64, d ticket.Decision) (ticket.Ticket, error)
	Revoke(ctx context.Context, id uuid.UUID, version int64, r ticket.Revocation) (ticket.Ticket, error)
	Withdraw(ctx context.Context, userID string, id uuid.UUID) (ticket.Ticket, error)
	WithdrawSent(ctx context.Context, by string, id uuid.UUID) (ticket.Ticket, error)
	ExpireDue(ctx context.Context) ([]string, error)
}

// slowDesk is a Desk whose look-ups are slow.
type slowDesk struct {
	*slow
	writes
}

func cached(t *testing.T, size int) (*cache.Cache, slowDesk) {
	t.Helper()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	desk := store.New(pool, slog.New(slog.DiscardHandler))
	g := slowDesk{&slow{Reader: desk}, desk}
	return cache.New(g, size), g
}

// approved makes an approved ticket of a user.
func approved(t *testing.T, d ticket.Desk, user string) uuid.UUID {
	t.Helper()
	made, err := d.Submit(t.Context(), ticket.Submission{
		UserID: user, By: ticket.User(user), Key: uuid.NewString(), OneOpen: true, Extra: json.RawMessage(`{}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Decide(t.Context(), made.ID, 1, ticket.Approve("agent:a", "")); err != nil {
		t.Fatal(err)
	}
	return made.ID
}

// latest is whose ticket a look-up gives; Nil when there is none.
func latest(t *testing.T, d ticket.Desk, user string) uuid.UUID {
	t.Helper()
	a, err := d.Latest(t.Context(), user)
	if err != nil && !errors.Is(err, ticket.ErrNotFound) {
		t.Fatal(err)
	}
	return a.TicketID
}

func TestCache_LookUpsFromMemory(t *testing.T) {
	t.Parallel()
	c, g := cached(t, 100)
	want := approved(t, c, "ann")
	for range 5 {
		if got := latest(t, c, "ann"); got != want {
			t.Fatalf("latest %s, want %s", got, want)
		}
		if got := latest(t, c, "nobody"); got != uuid.Nil {
			t.Fatalf("latest of nobody is %s", got)
		}
		if own, err := c.TicketsOf(t.Context(), "ann", ticket.Page{Limit: 20}); err != nil || len(own.Tickets) != 1 {
			t.Fatalf("%d tickets, %v", len(own.Tickets), err)
		}
	}
	if n := g.reads.Load(); n != 3 {
		t.Errorf("%d look-ups reached the store, want one of each", n)
	}
}

func TestCache_OwnDecisionSeen(t *testing.T) {
	t.Parallel()
	c, _ := cached(t, 100)
	for range 3 {
		latest(t, c, "ann")
		want := approved(t, c, "ann")
		if got := latest(t, c, "ann"); got != want {
			t.Fatalf("latest %s, want %s", got, want)
		}
		own, err := c.TicketsOf(t.Context(), "ann", ticket.Page{Limit: 20})
		if err != nil || own.Tickets[0].ID != want || own.Tickets[0].Status != ticket.Approved {
			t.Fatalf("newest %+v, %v; want %s approved", own.Tickets[0], err, want)
		}
	}
}

func TestCache_OwnSubmissionAndWithdrawalSeen(t *testing.T) {
	t.Parallel()
	c, _ := cached(t, 100)
	own := func() []ticket.Ticket {
		l, err := c.TicketsOf(t.Context(), "ann", ticket.Page{Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		return l.Tickets
	}
	if n := len(own()); n != 0 {
		t.Fatalf("%d tickets before any was sent", n)
	}
	made, err := c.Submit(t.Context(), ticket.Submission{
		UserID: "ann", By: "user:ann", Key: "k", OneOpen: true, Extra: json.RawMessage(`{}`),
	})
	if err != nil || len(own()) != 1 {
		t.Fatalf("%d tickets after the first was sent, %v; want 1", len(own()), err)
	}
	if _, err := c.Withdraw(t.Context(), "ann", made.ID); err != nil {
		t.Fatal(err)
	}
	if got := own()[0].Status; got != ticket.Withdrawn {
		t.Errorf("the ticket is %s, want withdrawn", got)
	}
}

func TestLoad_BegunBeforeWrite(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(*cache.Cache){
		"of its user": func(c *cache.Cache) { c.Forget(ticket.Change{UserID: "ann"}) },
		"of anybody":  (*cache.Cache).Reset,
	} {
		c, g := cached(t, 100)
		g.held, g.read = make(chan struct{}), make(chan struct{}, 10)
		var old errgroup.Group
		old.Go(func() error {
			_, err := c.Latest(t.Context(), "ann")
			if errors.Is(err, ticket.ErrNotFound) {
				return nil // it is answered with what it read, and rightly
			}
			return fmt.Errorf("the slow look-up: %w", err)
		})
		<-g.read
		want := approved(t, g, "ann") // another instance writes
		forget(c)                     // and this one receives the change
		close(g.held)
		if err := old.Wait(); err != nil {
			t.Fatal(err)
		}
		if got := latest(t, c, "ann"); got != want {
			t.Errorf("a change %s: latest %s, want %s: an old load was kept", name, got, want)
		}
	}
}

func TestLoad_NotSharedAcrossWrite(t *testing.T) {
	t.Parallel()
	c, g := cached(t, 100)
	g.held, g.read = make(chan struct{}), make(chan struct{}, 10)
	var both errgroup.Group
	both.Go(func() error { _, _ = c.Latest(t.Context(), "ann"); return nil })
	<-g.read
	want := approved(t, g, "ann")
	c.Forget(ticket.Change{UserID: "ann"})
	both.Go(func() error {
		a, err := c.Latest(t.Context(), "ann")
		if err != nil || a.TicketID != want {
			return fmt.Errorf("latest %s, %w; want %s", a.TicketID, err, want)
		}
		return nil
	})
	<-g.read // the second look-up reads for itself
	close(g.held)
	if err := both.Wait(); err != nil {
		t.Error(err)
	}
}

func TestLoad_SharedByConcurrentCallers(t *testing.T) {
	t.Parallel()
	c, g := cached(t, 100)
	want := approved(t, g, "ann")
	g.held, g.read = make(chan struct{}), make(chan struct{}, 100)
	var all errgroup.Group
	ask := func() error {
		a, err := c.Latest(t.Context(), "ann")
		if err == nil && a.TicketID != want {
			err = fmt.Errorf("latest %s, want %s", a.TicketID, want)
		}
		return err
	}
	all.Go(ask)
	<-g.read
	for range 50 {
		all.Go(ask)
	}
	close(g.held)
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := g.reads.Load(); n > 5 { // who missed just before the first answer was kept may come too late to share it
		t.Errorf("%d loads for 51, want one and a few at most", n)
	}
}

func TestLoad_CallerCanceled(t *testing.T) {
	t.Parallel()
	c, g := cached(t, 100)
	want := approved(t, g, "ann")
	g.held, g.read = make(chan struct{}), make(chan struct{}, 100)
	ctx, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() { _, err := c.Latest(ctx, "ann"); left <- err }()
	<-g.read
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	close(g.held)
	if got := latest(t, c, "ann"); got != want {
		t.Errorf("latest %s, want %s", got, want)
	}
}

func TestLatest_FreshBypassesCache(t *testing.T) {
	t.Parallel()
	c, g := cached(t, 100)
	latest(t, c, "ann")
	want := approved(t, g, "ann") // another instance writes, and this one has not heard of it
	if got := latest(t, c, "ann"); got != uuid.Nil {
		t.Fatalf("an ordinary read got %s: it was not remembered", got)
	}
	a, err := c.Latest(ticket.Fresh(t.Context()), "ann")
	if err != nil || a.TicketID != want {
		t.Errorf("a fresh read got %s, %v; want %s", a.TicketID, err, want)
	}
}
