package devform

import (
	"fmt"
	"net/http"
	"time"
)

// Path is where a page of docket dev learns that the form file was saved.
const Path = "/dev/form/events"

const heartbeatInterval = 3 * time.Second

// Stream is a stream of server-sent events: each has the ID of the state of the file, the first at once. It ends when stop is closed.
func (f *File) Stream(stop <-chan struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.sendStates(w, r, stop) })
}

func (f *File) sendStates(w http.ResponseWriter, r *http.Request, stop <-chan struct{}) {
	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{}) // a stream has none
	_ = out.SetReadDeadline(time.Time{})
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	for {
		state, changed := f.State()
		if _, err := fmt.Fprintf(w, "data: %s\n\n", state.ID); err != nil || out.Flush() != nil {
			return // the browser has gone
		}
		select {
		case <-r.Context().Done():
			return
		case <-stop:
			return
		case <-changed:
		case <-time.After(heartbeatInterval):
		}
	}
}
