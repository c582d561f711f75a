package cache_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/cache"
	"docket/internal/ticket"
)

// pair is a primary and a replica as a gate sees them.
type pair struct {
	clock
	*cache.Gate
	written, replayed int64
	away              error // set: the primary does not answer
}

func newPair() *pair {
	p := &pair{clock: clock{now: time.Now()}}
	p.Gate = cache.NewGate(
		func(context.Context) (int64, error) { return p.written, p.away },
		func(context.Context) (int64, error) { return p.replayed, nil })
	p.Gate.SetClock(p.read)
	return p
}

func (p *pair) expect(t *testing.T, open bool, when string) {
	t.Helper()
	p.Check(t.Context())
	if p.Open() != open {
		t.Errorf("%s it is open: %v, want %v", when, p.Open(), open)
	}
}

func TestGate_OpensWhenProven(t *testing.T) {
	t.Parallel()
	p := newPair()
	if p.Open() {
		t.Error("it is open before anything is proven")
	}
	p.written, p.replayed = 100, 99
	p.expect(t, false, "one byte behind")
	p.pass(time.Second)
	p.replayed = 100
	p.written = 200
	p.expect(t, true, "when it has reached what was written a second ago")
	if age, _ := p.Age(); age != time.Second {
		t.Errorf("it is proven to be %s old, want 1s", age)
	}
	p.pass(cache.MaxLag - time.Second)
	p.expect(t, true, "for as long as it may lag")
	p.pass(1)
	p.expect(t, false, "after that")
	p.replayed = 1000
	p.written = 1000
	p.expect(t, true, "when it has caught up")
	p.away = errors.New("away")
	p.pass(cache.MaxLag + 1)
	p.expect(t, false, "when the primary cannot be asked")
}

func TestGate_ClosedByNewConnection(t *testing.T) {
	t.Parallel()
	p := newPair()
	p.written, p.replayed = 100, 100
	p.expect(t, true, "with everything")
	p.replayed = 50 // it was restarted, and shows what it had on its disk
	p.Invalidate()
	p.expect(t, false, "after it fell back")
	p.replayed = 100
	p.expect(t, true, "when it has everything again")
}

// restarted reads a replica that is restarted before it is read, and shows less than it did.
type restarted struct {
	ticket.Reader
	gate *cache.Gate
}

func (r restarted) Latest(_ context.Context, userID string) (ticket.Approval, error) {
	r.gate.Invalidate()
	return ticket.Approval{UserID: userID, UpdatedAt: time.Unix(1, 0)}, nil
}

func (r restarted) Ticket(_ context.Context, id uuid.UUID) (ticket.Ticket, error) {
	r.gate.Invalidate()
	return ticket.Ticket{ID: id, Status: ticket.Processing}, nil
}

func TestCache_ReplicaRestartedBeforeRead(t *testing.T) {
	t.Parallel()
	p := newPair()
	c := cache.New(approvedDesk{}, 100, cache.Replica{Reader: restarted{gate: p.Gate}, Gate: p.Gate})
	p.expect(t, true, "with everything")
	if got, err := c.Latest(t.Context(), "ann"); err != nil || got.UpdatedAt.Equal(time.Unix(1, 0)) {
		t.Errorf("latest %+v, %v; want what the primary says", got, err)
	}
	p.expect(t, true, "when it is proven anew")
	if got, err := c.Ticket(t.Context(), uuid.New()); err != nil || got.Status != ticket.Approved {
		t.Errorf("ticket %s, %v; want what the primary says", got.Status, err)
	}
}

// approvedDesk is a Desk where every ticket is approved.
type approvedDesk struct{ ticket.Desk }

func (approvedDesk) Latest(_ context.Context, userID string) (ticket.Approval, error) {
	return ticket.Approval{UserID: userID, UpdatedAt: time.Now()}, nil
}

func (approvedDesk) Ticket(_ context.Context, id uuid.UUID) (ticket.Ticket, error) {
	return ticket.Ticket{ID: id, Status: ticket.Approved}, nil
}

// failingDesk is a Desk on a primary that answers nothing.
type failingDesk struct {
	ticket.Desk
	err error
}

func (d failingDesk) Ticket(context.Context, uuid.UUID) (ticket.Ticket, error) {
	return ticket.Ticket{}, d.err
}

// emptyReader reads a replica that has nothing.
type emptyReader struct{ ticket.Reader }

func (emptyReader) Ticket(context.Context, uuid.UUID) (ticket.Ticket, error) {
	return ticket.Ticket{}, ticket.ErrNotFound
}

// What a proven replica lacks does not exist, as far as can be said without the primary.
func TestCache_ReplicaLacksRowAndPrimaryFails(t *testing.T) {
	t.Parallel()
	for _, err := range []error{ticket.ErrUnavailable, ticket.ErrOverloaded} {
		p := newPair()
		c := cache.New(failingDesk{err: err}, 100, cache.Replica{Reader: emptyReader{}, Gate: p.Gate})
		p.expect(t, true, "with everything")
		if _, got := c.Ticket(t.Context(), uuid.New()); !errors.Is(got, ticket.ErrNotFound) {
			t.Errorf("with %v of the primary: %v, want ErrNotFound", err, got)
		}
	}
}

// stuckDesk is a Desk on a primary that does not answer.
type stuckDesk struct{ ticket.Desk }

func (stuckDesk) Latest(ctx context.Context, _ string) (ticket.Approval, error) {
	<-ctx.Done()
	return ticket.Approval{}, ctx.Err()
}

// oldReader reads a replica that may be behind.
type oldReader struct{ ticket.Reader }

func (oldReader) Latest(_ context.Context, userID string) (ticket.Approval, error) {
	return ticket.Approval{UserID: userID, UpdatedAt: time.Unix(1, 0)}, nil
}

// A primary that is quiet, and may only be slow, is given up for a replica's answer; but not for a user who was written just now.
func TestCache_QuietPrimary(t *testing.T) {
	t.Parallel()
	p := newPair()
	known := make(chan struct{}) // closed when the primary is silent for all
	c := cache.New(stuckDesk{}, 100, cache.Replica{Reader: oldReader{}, Gate: p.Gate}).WithReadUnless(
		func(ctx context.Context, patient bool, read func(context.Context) error) error {
			if !patient {
				return ticket.ErrUnavailable
			}
			done := make(chan error, 1)
			go func() { done <- read(ctx) }()
			select {
			case err := <-done:
				return err
			case <-known:
				return ticket.ErrUnavailable
			}
		})
	if got, err := c.Latest(t.Context(), "ann"); err != nil || !got.Degraded {
		t.Errorf("of another user: %+v, %v; want it degraded", got, err)
	}
	c.Forget(ticket.Change{UserID: "bob"})
	answered := make(chan ticket.Approval, 1)
	go func() {
		got, err := c.Latest(t.Context(), "bob")
		if err != nil {
			t.Error(err)
		}
		answered <- got
	}()
	select {
	case got := <-answered:
		t.Errorf("of the user who was written: %+v before the primary is known to be silent", got)
	case <-time.After(200 * time.Millisecond):
	}
	close(known)
	if got := <-answered; !got.Degraded {
		t.Errorf("of the user who was written: %+v, want it degraded", got)
	}
}

func BenchmarkHit(b *testing.B) {
	c := cache.New(approvedDesk{}, 1000)
	for b.Loop() {
		if _, err := c.Latest(b.Context(), "ann"); err != nil {
			b.Fatal(err)
		}
	}
}
