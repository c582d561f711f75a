package web_test

import (
	"context"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/broadcast"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
	"docket/internal/ticket"
	"docket/web"
)

// TestAPITicket_Wait waits on one instance for a decision that is made on another.
func TestAPITicket_Wait(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 2, testdb.New(t))
	writer := programs(t, s)("writer", account.Scopes...)
	there := "/api/v1/tickets/" + writer.submit("ann", "1").ID
	writer.get(there+"?wait=0").want(t, 200, `"status":"processing"`)
	writer.get(there+"?wait=1").want(t, 200, `"status":"processing"`) // as it stands when the time is over
	writer.get(there+"?wait=x").refuses(t, 422, "invalid", "wait bad_wait")
	answered := make(chan reply, 1)
	go func() { answered <- writer.at(s.URLs[1]).get(there + "?wait=30") }()
	for s.Instances[1].Web.Live.Watchers() == 0 {
		runtime.Gosched()
	}
	writer.post(there+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
	(<-answered).want(t, 200, `"status":"approved"`, `"kind":"approved"`)
	writer.get(there+"?wait=30").want(t, 200, `"status":"approved"`)
}

// countingDesk counts how often a ticket is read.
type countingDesk struct {
	ticket.Desk
	reads *atomic.Int64
}

func (d countingDesk) Ticket(ctx context.Context, id uuid.UUID) (ticket.Ticket, error) {
	d.reads.Add(1)
	return d.Desk.Ticket(ctx, id)
}

// TestAPITicket_WaitReadsOnChange has a call wait while other users' tickets change: it reads its ticket when it begins to wait, and when
// something of its user has changed.
func TestAPITicket_WaitReadsOnChange(t *testing.T) {
	t.Parallel()
	s := start(t)
	writer := programs(t, s)("writer", account.Scopes...)
	made := writer.submit("ann", "1")
	var reads atomic.Int64
	live := broadcast.NewHub()
	waiter := writer.at(beside(t, s, func(c *web.Config) { c.Desk, c.Live = countingDesk{c.Desk, &reads}, live }))
	answered := make(chan reply, 1)
	go func() { answered <- waiter.get("/api/v1/tickets/" + made.ID + "?wait=30") }()
	for live.Watchers() == 0 || reads.Load() < 2 {
		runtime.Gosched()
	}
	for range 100 {
		live.WakeFor("bob")
	}
	writer.post("/api/v1/tickets/"+made.ID+"/decision", `{"decision":"approve","version":1}`).want(t, 200)
	live.WakeFor("ann")
	(<-answered).want(t, 200, `"status":"approved"`)
	if got := reads.Load(); got != 3 {
		t.Errorf("the ticket was read %d times, want 3: before, while waiting and after the change", got)
	}
}
