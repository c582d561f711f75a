package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"docket/internal/ticket"
	"docket/web/api"
	"docket/web/problem"
)

// The addresses where an orchestrator asks how the process stands.
const (
	livePath  = "/healthz"
	readyPath = "/readyz"
)

// health answers that the process runs.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) error {
	s.noteProbe()
	return writeLive(w)
}

func writeLive(w http.ResponseWriter) error {
	return api.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// AnswerStarting answers a request while there is no Server yet, as no database can be reached: the process lives, and is not
// ready.
func AnswerStarting(w http.ResponseWriter, r *http.Request) {
	id := newRequestID()
	for _, one := range jsonHeaders {
		w.Header()[one.name] = one.values
	}
	w.Header().Set("X-Request-Id", id)
	switch r.URL.Path {
	case livePath:
		_ = writeLive(w) // the client has gone
		return
	case readyPath:
		w.Header().Set("Retry-After", "1")
		_ = api.WriteJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "starting"}) // as above
		return
	}
	p := problem.Of(ticket.ErrUnavailable).ForRead()
	w.Header().Set("Retry-After", strconv.Itoa(p.Retry))
	p.WriteJSON(w, id, ticket.ErrUnavailable)
}

func (s *Server) noteProbe() { s.probed.Store(int64(time.Since(s.start))) }

// ProbedWithin reports whether somebody has asked how the process stands within a time.
func (s *Server) ProbedWithin(d time.Duration) bool {
	at := time.Duration(s.probed.Load())
	return at != 0 && time.Since(s.start)-at < d
}

// readiness answers whether requests should be sent to this instance. A primary that is away makes docket read-only, not unready: if all
// instances were unready at once, reads would fail, too.
func (s *Server) readiness(w http.ResponseWriter, r *http.Request) error {
	s.noteProbe()
	if s.draining.Load() {
		return api.WriteJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "draining"})
	}
	mode := "read-write"
	if err := s.Primary(r.Context()); err != nil && !errors.Is(err, ticket.ErrOverloaded) {
		mode = "read-only"
	}
	return api.WriteJSON(w, http.StatusOK, map[string]string{"status": "ready", "mode": mode})
}
