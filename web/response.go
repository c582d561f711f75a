package web

import "net/http"

// response remembers the status that was sent. While the mux looks for a route it holds back what the mux itself says to a
// request that has none.
type response struct {
	http.ResponseWriter
	request       *http.Request // has a pattern as soon as it has a route
	status        int
	holdsUnrouted bool
	beforeAnswer  func() // called before the status is sent; nil: nothing is
	heldHeader    http.Header
	heldStatus    int // 0: nothing was held back
}

func (w *response) holdsBack() bool { return w.holdsUnrouted && w.request.Pattern == "" }

// Header implements http.ResponseWriter.
func (w *response) Header() http.Header {
	if !w.holdsBack() {
		return w.ResponseWriter.Header()
	}
	if w.heldHeader == nil {
		w.heldHeader = http.Header{}
	}
	return w.heldHeader
}

// WriteHeader implements http.ResponseWriter.
func (w *response) WriteHeader(status int) {
	if w.holdsBack() {
		w.heldStatus = status
		return
	}
	w.noteStatus(status)
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *response) Write(b []byte) (int, error) {
	if w.holdsBack() {
		return len(b), nil
	}
	w.noteStatus(http.StatusOK)
	return w.ResponseWriter.Write(b)
}

// noteStatus remembers the status that is sent first.
func (w *response) noteStatus(status int) {
	if w.status != 0 {
		return
	}
	if w.status = status; w.beforeAnswer != nil {
		w.beforeAnswer()
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
