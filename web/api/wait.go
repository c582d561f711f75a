package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"docket/internal/ticket"
	"docket/web/problem"
	"docket/web/request"
)

const maxWait = 30 // seconds that a call may wait

// parseWait reads how long a call may wait.
func parseWait(given url.Values, wrong *problem.Invalid) time.Duration {
	if !given.Has("wait") {
		return 0
	}
	seconds := parseCount(given.Get("wait"), maxWait)
	if seconds < 0 {
		wrong.Add("wait", problem.FieldBadWait, "Must be whole seconds, at most "+strconv.Itoa(maxWait)+".")
	}
	return time.Duration(seconds) * time.Second
}

// waiting is the context of a call that waits so long, at most, before its answer. It is canceled when the server stops. stop ends it.
func (a *API) waiting(w http.ResponseWriter, r *http.Request, wait time.Duration) (ctx context.Context, stop func()) {
	out := http.NewResponseController(w)
	// Else the server ends the connection sooner. Where it cannot be told, its own limits hold.
	_, _ = out.SetReadDeadline(time.Time{}), out.SetWriteDeadline(time.Now().Add(wait+request.Timeout))
	ctx, cancel := context.WithCancel(r.Context())
	done := make(chan struct{})
	go func() {
		select {
		case <-a.Stopping:
			cancel()
		case <-done:
		}
	}()
	return ctx, func() { close(done); cancel() }
}

// awaitClosed waits until a ticket is closed, and returns it as it stands then, or when the time is over. It reads the ticket again when
// something of its user has changed, and at the end.
func (a *API) awaitClosed(w http.ResponseWriter, r *http.Request, t ticket.Ticket, wait time.Duration) (ticket.Ticket, error) {
	ctx, stop := a.waiting(w, r, wait)
	defer stop()
	changed, stopWatching := a.Live.Watch(t.UserID)
	defer stopWatching()
	over := time.NewTimer(wait)
	defer over.Stop()
	for late := false; ; {
		read, cancel := context.WithTimeout(ticket.Fresh(context.WithoutCancel(ctx)), request.Timeout) // a replica may not know of a change yet
		t, err := a.Desk.Ticket(read, t.ID)
		if cancel(); err != nil || late || !t.Status.Open() {
			return t, err
		}
		select {
		case <-changed:
		case <-over.C:
			late = true
		case <-ctx.Done():
			return t, nil
		}
	}
}
