package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"docket/internal/ticket"
	"docket/web/api"
)

// The addresses where an orchestrator asks how the process stands.
const (
	livePath  = "/healthz"
	readyPath = "/readyz"
)

// health answers that the process runs.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) error {
	return api.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readiness answers whether requests should be sent to this instance. A primary that is away makes docket read-only, not unready: if all
// instances were unready at once, reads would fail, too.
func (s *Server) readiness(w http.ResponseWriter, r *http.Request) error {
	if s.draining.Load() {
		return api.WriteJSON(w, http.StatusServiceUnavailable, map[string]string{"status": "draining"})
	}
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	mode := "read-write"
	if err := s.Primary(ctx); err != nil && !errors.Is(err, ticket.ErrOverloaded) {
		mode = "read-only"
	}
	return api.WriteJSON(w, http.StatusOK, map[string]string{"status": "ready", "mode": mode})
}
