package web

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"docket/internal/ticket"
)

const (
	maxAtWork = 128                    // requests that are worked on at a time: more are answered no sooner
	queueTime = 400 * time.Millisecond // how long one waits before it is refused
	smallBody = 64 << 10               // bytes of a body that is read before the request is worked on
)

// workLimit limits how many requests are worked on at a time. The others wait without any work done for them, and have their turn in
// the order in which they came. Under overload the one that came last is next: those before it will be refused soon, or their
// clients have given up. So then most answers are as quick as usual, and a refusal costs little.
type workLimit struct {
	mu      sync.Mutex // guards what follows
	atWork  int
	waiting []*waiter // oldest first
}

// waiter is a request that waits for its turn.
type waiter struct {
	turn  chan struct{} // closed when it is
	since time.Time
}

// enter reports whether a request may be worked on; then it calls leave when it is done.
func (l *workLimit) enter(ctx context.Context) bool {
	waits := l.queue()
	if waits == nil {
		return true
	}
	late := time.NewTimer(queueTime)
	defer late.Stop()
	select {
	case <-waits.turn:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return !l.remove(waits)
}

// queue adds a request to those that wait; nil: it need not wait.
func (l *workLimit) queue() *waiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.atWork < maxAtWork {
		l.atWork++
		return nil
	}
	added := &waiter{turn: make(chan struct{}), since: time.Now()}
	l.waiting = append(l.waiting, added)
	return added
}

// remove takes a request from those that wait. It is false if it is its turn already.
func (l *workLimit) remove(waits *waiter) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.waiting, waits)
	if at < 0 {
		return false
	}
	l.waiting = slices.Delete(l.waiting, at, at+1)
	return true
}

// leave lets another request have its turn.
func (l *workLimit) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.atWork--
		return
	}
	next := 0
	if time.Since(l.waiting[0].since) > queueTime/2 {
		next = len(l.waiting) - 1
	}
	close(l.waiting[next].turn)
	l.waiting = slices.Delete(l.waiting, next, next+1)
}

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
		limit := &s.ordinary
		if ticket.IsUrgent(r.Context()) {
			limit = &s.urgent
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
