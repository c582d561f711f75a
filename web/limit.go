package web

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"time"

	"docket/internal/ticket"
)

const (
	maxAtWork = 128                    // requests that are worked on at a time: more are answered no sooner
	queueTime = 400 * time.Millisecond // how long one waits before it is refused
	smallBody = 64 << 10               // bytes of a body that is read before the request is worked on
)

// workLimit limits how many requests are worked on at a time. The others wait without any work done for them, and have their turn in
// the order in which they came. Under overload as many as can be worked on in queueTime wait, and the rest is refused after it: so
// clients that ask again at once are refused as rarely as possible, since a refusal costs a good part of an answer.
type workLimit struct {
	atWork chan struct{} // has a value for each request that is worked on
}

func newWorkLimit() workLimit { return workLimit{make(chan struct{}, maxAtWork)} }

// enter reports whether a request may be worked on; then it calls leave when it is done.
func (l workLimit) enter(ctx context.Context) bool {
	select {
	case l.atWork <- struct{}{}:
		return true
	default:
	}
	late := time.NewTimer(queueTime)
	defer late.Stop()
	select {
	case l.atWork <- struct{}{}:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return false
}

// leave lets another request have its turn: the one that waits longest.
func (l workLimit) leave() { <-l.atWork }

// limited is a handler that takes part in the limit. It is none that waits for something else than the databases, or for its client:
// a small body is read before, and a request with a larger one takes no part.
func (s *Server) limited(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > smallBody || r.ContentLength < 0 {
			h.ServeHTTP(w, r)
			return
		}
		if r.ContentLength > 0 {
			r.Body = readAhead(r.Body)
		}
		limit := s.ordinary
		if ticket.IsUrgent(r.Context()) {
			limit = s.urgent
		}
		if !limit.enter(r.Context()) {
			s.writeProblem(w, r, ticket.ErrOverloaded)
			return
		}
		defer limit.leave()
		h.ServeHTTP(w, r)
	})
}

// readAhead reads a body to its end. What went wrong with it is said when it is read again.
func readAhead(body io.ReadCloser) io.ReadCloser {
	text, err := io.ReadAll(body)
	return &readBody{ReadCloser: body, text: bytes.NewReader(text), err: cmp.Or(err, io.EOF)}
}

// readBody is a body that was read ahead, and why it ended.
type readBody struct {
	io.ReadCloser
	text *bytes.Reader
	err  error
}

// Read implements io.Reader.
func (b *readBody) Read(p []byte) (int, error) {
	n, _ := b.text.Read(p)
	if n == 0 && len(p) > 0 {
		return 0, b.err
	}
	return n, nil
}
