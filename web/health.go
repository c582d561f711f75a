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

// health says that the process lives.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) error {
	return api.WriteJSON(w, http.StatusOK, map[string]string{"status": "ok"})
}

// readiness says whether visitors should be sent here. A primary that is away makes docket read-only, not unready: if all
// instances said so at once, a part of an outage would become the whole of one.
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
