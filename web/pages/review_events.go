package pages

import (
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	beatTime = 20 * time.Second // how often a silent stream shows that it lives
	restTime = time.Second      // the least time between two wake-ups of one browser
)

// Events says that the queue changed, whenever it does, and never what. The browser then asks for the queue again.
func (p *Pages) Events(w http.ResponseWriter, r *http.Request) error {
	out := http.NewResponseController(w)
	if err := errors.Join(out.SetWriteDeadline(time.Time{}), out.SetReadDeadline(time.Time{})); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	changed, stop := p.Live.Watch()
	defer stop()
	for word := ": watching\n\n"; word != ""; word = p.word(r, changed) {
		if !p.Sessions.Lives(r) { // signed out, in this window or another
			return nil
		}
		if _, err := fmt.Fprint(w, word); err != nil || out.Flush() != nil {
			return nil //nolint:nilerr // the browser has gone
		}
	}
	return nil
}

// word waits for what to tell next; empty ends the stream.
func (p *Pages) word(r *http.Request, changed <-chan struct{}) string {
	select {
	case <-r.Context().Done():
		return ""
	case <-p.Stopping:
		return ""
	case <-time.After(beatTime):
		return ": still here\n\n"
	case <-changed:
	}
	select { // a busy queue must not make every browser ask without end
	case <-r.Context().Done():
		return ""
	case <-p.Stopping:
		return ""
	case <-time.After(restTime):
		return "event: queue\ndata: changed\n\n"
	}
}
