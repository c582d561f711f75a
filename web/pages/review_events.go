package pages

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/google/uuid"

	"docket/internal/claim"
	"docket/web/problem"
	"docket/web/request"
)

const (
	heartbeatInterval = 3 * time.Second        // how often a stream without events sends a comment, unless its session has ended
	checkInterval     = 2 * time.Second        // how long a stream with events may go on before its session is looked up again, for it or for another request
	minTicketInterval = 100 * time.Millisecond // of a stream about one ticket

	spreadPerBrowser = time.Millisecond
	maxSpread        = 2 * time.Second
)

// Events is a stream of server-sent events: each says that the queue changed, and never how. The browser then loads the queue. With
// a ticket it is about that one alone, and its agent is among those who look at it.
func (p *Pages) Events(w http.ResponseWriter, r *http.Request) error {
	watched, err := p.watchTicket(r)
	if err != nil {
		return err
	}
	out := http.NewResponseController(w)
	if err := errors.Join(out.SetWriteDeadline(time.Time{}), out.SetReadDeadline(time.Time{})); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx passes each event on at once
	if r.Method == http.MethodHead {
		return nil
	}
	changed, stop := p.Live.Watch(watched.keys...)
	defer stop()
	defer watched.lookAway(r)
	unknown := watched.id == uuid.Nil // what changed between the page and its stream
	checked := time.Now()
	for message := ": connected\n\n"; message != ""; unknown = false {
		watched.look(r)
		if _, err := fmt.Fprint(w, message); err != nil || out.Flush() != nil {
			return nil //nolint:nilerr // the browser has gone
		}
		message = p.nextEvent(r, changed, watched.wait, unknown)
		if now := time.Now(); now.Sub(checked) >= checkInterval {
			if checked = now; !p.Sessions.ValidLately(r, checkInterval) && !p.Sessions.StillValid(r) { // signed out, in this window or another, or by an operator
				_, err := fmt.Fprint(w, "event: signed-out\ndata: \n\n")
				_ = errors.Join(err, out.Flush()) // the stream ends, whether the browser is still there or not
				return nil
			}
		}
	}
	return nil
}

// nextEvent waits for the next event or comment; empty ends the stream. With an unknown change it waits for none.
func (p *Pages) nextEvent(r *http.Request, changed <-chan struct{}, wait func() time.Duration, unknown bool) string {
	if !unknown {
		select {
		case <-r.Context().Done():
			return ""
		case <-p.Stopping:
			return ""
		case <-time.After(heartbeatInterval):
			return ": heartbeat\n\n"
		case <-changed:
		}
	}
	select { // limit how often a browser loads a busy queue
	case <-r.Context().Done():
		return ""
	case <-p.Stopping:
		return ""
	case <-time.After(wait()):
		return "event: queue\ndata: changed\n\n"
	}
}

// spreadEvents is a part of the time over which the browsers of a large team are told of one change: each then loads the queue.
func (p *Pages) spreadEvents() time.Duration {
	return rand.N(min(1+time.Duration(p.Live.Watchers())*spreadPerBrowser, maxSpread))
}

// watchedTicket is the ticket that an event stream is about.
type watchedTicket struct {
	pages  *Pages
	id     uuid.UUID // zero: the stream is about the queue
	keys   []string  // what the stream is woken for; none: every change
	looked time.Time // when it was noted last that the agent looks at it
}

// watchTicket reads which ticket an event stream is about.
func (p *Pages) watchTicket(r *http.Request) (watchedTicket, error) {
	w := watchedTicket{pages: p}
	text := r.URL.Query().Get("ticket")
	if text == "" {
		return w, nil
	}
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return w, problem.WrongParameters{"ticket"}
	}
	ctx, cancel := context.WithTimeout(r.Context(), request.Timeout)
	defer cancel()
	t, err := p.Desk.Ticket(ctx, id)
	w.id, w.keys = id, []string{id.String(), t.UserID}
	return w, err
}

// wait is how long the stream waits before it passes a change on: one of the queue until the tick ends.
func (w *watchedTicket) wait() time.Duration {
	if w.id == uuid.Nil {
		return leftOfTick(time.Now()) + w.pages.spreadEvents()
	}
	return minTicketInterval
}

// look notes that the agent looks at the ticket, from time to time. What cannot be noted is no reason to end the stream.
func (w *watchedTicket) look(r *http.Request) {
	if w.id == uuid.Nil || time.Since(w.looked) < claim.LookInterval {
		return
	}
	w.looked = time.Now()
	ctx, cancel := context.WithTimeout(r.Context(), request.Timeout)
	defer cancel()
	if _, err := w.pages.Claims.Look(ctx, request.Account(r).ID, w.id); err != nil {
		w.pages.Log.Warn("it cannot be noted who looks at a ticket", "error", err)
	}
}

// lookAway notes that the agent does not look at the ticket any more.
func (w *watchedTicket) lookAway(r *http.Request) {
	if w.id == uuid.Nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), request.Timeout)
	defer cancel()
	_ = w.pages.Claims.LookAway(ctx, request.Account(r).ID, w.id) // else it expires
}
