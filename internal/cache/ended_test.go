package cache_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"docket/internal/cache"
	"docket/internal/ticket"
)

// endingDesk is a Desk where every user has one approval, which ends, and counts its reads.
type endingDesk struct {
	ticket.Desk
	until time.Time
	reads atomic.Int64
}

func (d *endingDesk) approval(user, subject string) ticket.Approval {
	d.reads.Add(1)
	return ticket.Approval{UserID: user, TicketID: uuid.UUID{1}, Subject: subject, UpdatedAt: time.UnixMilli(1000), ValidUntil: d.until}
}

func (d *endingDesk) Latest(_ context.Context, user string) (ticket.Approval, error) {
	return d.approval(user, ""), nil
}

func (d *endingDesk) LatestBatch(_ context.Context, users []string) ([]ticket.Approval, error) {
	return []ticket.Approval{d.approval(users[0], "")}, nil
}

func (d *endingDesk) LatestFor(_ context.Context, subject string, users []string) ([]ticket.Approval, error) {
	return []ticket.Approval{d.approval(users[0], subject)}, nil
}

// An approval in memory ends by the primary's clock, without another read.
func TestLatest_EndsInMemory(t *testing.T) {
	t.Parallel()
	var clock atomic.Int64 // of the primary
	d := &endingDesk{until: time.UnixMilli(5000)}
	c := cache.New(d, 100).WithClock(clock.Load)
	ctx := t.Context()
	look := func() (ticket.Approval, []ticket.Approval) {
		t.Helper()
		one, err := c.Latest(ctx, "ann")
		if err != nil && !errors.Is(err, ticket.ErrNotFound) {
			t.Fatal(err)
		}
		crm, err := c.LatestFor(ctx, "crm", []string{"ann", "ann"})
		if err != nil {
			t.Fatal(err)
		}
		return one, crm
	}
	clock.Store(4999)
	one, crm := look()
	if one.TicketID == uuid.Nil || crm[0].TicketID == uuid.Nil || crm[1].TicketID == uuid.Nil || crm[0].Subject != "crm" || !one.ValidUntil.Equal(d.until) {
		t.Errorf("before the end: %+v, %+v", one, crm)
	}
	clock.Store(5000)
	one, crm = look()
	if one.TicketID != uuid.Nil || !one.Expired || crm[0].TicketID != uuid.Nil || !crm[0].Expired {
		t.Errorf("at the end: %+v, %+v; want none, which says that it has ended", one, crm)
	}
	if n := d.reads.Load(); n != 2 {
		t.Errorf("%d reads, want one of the user and one for the subject", n)
	}
	c.Forget(ticket.Change{UserID: "ann"})
	look()
	if n := d.reads.Load(); n != 4 {
		t.Errorf("%d reads after the user was forgotten, want two more", n)
	}
}

// What was removed for a subject is not answered again, and what is approved for another is.
func TestLatest_RemovedForASubject(t *testing.T) {
	t.Parallel()
	d := &endingDesk{}
	c := cache.New(d, 100)
	c.Forget(ticket.Change{UserID: "ann", Subject: "crm", Removed: time.UnixMilli(1000)})
	for subject, want := range map[string]bool{"crm": false, "payroll": true} {
		found, err := c.LatestFor(t.Context(), subject, []string{"ann"})
		if err != nil || (found[0].TicketID != uuid.Nil) != want {
			t.Errorf("%s: %+v, %v; want an approval: %v", subject, found[0], err, want)
		}
	}
	if _, err := c.Latest(t.Context(), "ann"); err != nil {
		t.Errorf("the latest of all: %v", err)
	}
}

// The clock of the primary is never behind, and does not go back by a little.
func TestClock_DoesNotGoBack(t *testing.T) {
	t.Parallel()
	ahead := time.Hour
	clock := cache.NewClock(func(context.Context) (time.Time, error) { return time.Now().Add(ahead), nil })
	clock.Check(t.Context())
	first := clock.Now()
	if least := time.Now().Add(time.Hour - time.Second).UnixMilli(); first < least {
		t.Errorf("it is %d, want at least %d", first, least)
	}
	ahead -= 10 * time.Second
	clock.Check(t.Context())
	if now := clock.Now(); now < first {
		t.Errorf("it went back from %d to %d", first, now)
	}
	ahead = 0
	clock.Check(t.Context())
	if now := clock.Now(); now >= first {
		t.Errorf("it is %d although the primary was set back by an hour; it was %d", now, first)
	}
}

// Until the primary has answered once, the clock is that of a replica that answers; afterwards no replica counts.
func TestClock_ReplicaUntilPrimary(t *testing.T) {
	t.Parallel()
	says := func(ahead time.Duration) func(context.Context) (time.Time, error) {
		return func(context.Context) (time.Time, error) { return time.Now().Add(ahead), nil }
	}
	fails := func(context.Context) (time.Time, error) { return time.Time{}, errors.New("away") }
	primary := fails
	clock := cache.NewClock(func(ctx context.Context) (time.Time, error) { return primary(ctx) }, fails, says(time.Hour))
	isAhead := func(want time.Duration) {
		t.Helper()
		clock.Check(t.Context())
		if got := time.Until(clock.Time()); (got - want).Abs() > time.Minute {
			t.Errorf("the clock is %s ahead, want %s", got, want)
		}
	}
	isAhead(time.Hour)
	primary = says(2 * time.Hour)
	isAhead(2 * time.Hour)
	primary = fails
	isAhead(2 * time.Hour)
}
