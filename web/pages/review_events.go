package pages

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"
)

const (
	heartbeatInterval = 3 * time.Second // how often a stream without events sends a comment, unless its session has ended
	minEventInterval  = time.Second     // between two events to one browser

	spreadPerBrowser = 4 * time.Millisecond
	maxSpread        = 2 * time.Second
)

// Events is a stream of server-sent events: each says that the queue changed, and never how. The browser then loads the queue.
func (p *Pages) Events(w http.ResponseWriter, r *http.Request) error {
	out := http.NewResponseController(w)
	if err := errors.Join(out.SetWriteDeadline(time.Time{}), out.SetReadDeadline(time.Time{})); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx passes each event on at once
	changed, stop := p.Live.Watch()
	defer stop()
	for message := ": connected\n\n"; message != ""; {
		if _, err := fmt.Fprint(w, message); err != nil || out.Flush() != nil {
			return nil //nolint:nilerr // the browser has gone
		}
		if message = p.nextEvent(r, changed); !p.Sessions.StillValid(r) { // signed out, in this window or another, or by an operator
			return nil
		}
	}
	return nil
}

// nextEvent waits for the next event or comment; empty ends the stream.
func (p *Pages) nextEvent(r *http.Request, changed <-chan struct{}) string {
	select {
	case <-r.Context().Done():
		return ""
	case <-p.Stopping:
		return ""
	case <-time.After(heartbeatInterval):
		return ": heartbeat\n\n"
	case <-changed:
	}
	select { // limit how often a browser loads a busy queue
	case <-r.Context().Done():
		return ""
	case <-p.Stopping:
		return ""
	case <-time.After(minEventInterval + p.spreadEvents()):
		return "event: queue\ndata: changed\n\n"
	}
}

// spreadEvents is a part of the time over which the browsers of a large team are told of one change: each then loads the queue.
func (p *Pages) spreadEvents() time.Duration {
	return rand.N(min(1+time.Duration(p.Live.Watchers())*spreadPerBrowser, maxSpread))
}
