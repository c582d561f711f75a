package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"docket/internal/account"
	"docket/internal/ticket"
)

// api is a handler for other systems, which show a key that has the scope.
func (s *Server) api(scope account.Scope, h handler) http.Handler {
	return s.open(func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Set("Cache-Control", "private, no-cache")
		if err := plainBody(r); err != nil {
			return err
		}
		secret, ok := bearer(r)
		if !ok {
			return errUnauthenticated
		}
		key, err := s.Keys.Check(r.Context(), secret)
		if errors.Is(err, account.ErrKey) {
			return errUnauthenticated
		}
		if err != nil {
			return err
		}
		requestOf(r.Context()).actor = ticket.Key(key.Name)
		if !key.May(scope) {
			return errScope
		}
		if noCache(r) {
			r = r.WithContext(ticket.Fresh(r.Context()))
		}
		return h(w, r)
	})
}

func bearer(r *http.Request) (string, bool) {
	scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return secret, ok && strings.EqualFold(scheme, "Bearer")
}

// noCache reports whether the request asks for what the primary knows now.
func noCache(r *http.Request) bool {
	for directive := range strings.SplitSeq(strings.Join(r.Header.Values("Cache-Control"), ","), ",") {
		if strings.EqualFold(strings.TrimSpace(directive), "no-cache") {
			return true
		}
	}
	return false
}

// latestTicket is the answer of the look-up of a user's latest approved ticket.
type latestTicket struct {
	UserID      string          `json:"user_id"`
	TicketID    string          `json:"ticket_id"`
	Status      ticket.Status   `json:"status"`
	Extra       json.RawMessage `json:"extra"`
	DecidedBy   string          `json:"decided_by"`
	DecidedAtMS int64           `json:"decided_at_ms"`
	CreatedAtMS int64           `json:"created_at_ms"`
	UpdatedAtMS int64           `json:"updated_at_ms"`
}

func (s *Server) latestTicket(w http.ResponseWriter, r *http.Request) error {
	if err := noParameters(r); err != nil {
		return err
	}
	userID := r.PathValue("user_id")
	if userID == "" || !storable(userID) { // nobody can have such an id
		return errNoApproved
	}
	a, err := s.Desk.Latest(r.Context(), userID)
	if a.Degraded {
		w.Header().Set("X-Consistency", "degraded")
	}
	if errors.Is(err, ticket.ErrNotFound) {
		return errNoApproved
	}
	if err != nil {
		return err
	}
	requestOf(r.Context()).ticket = a.TicketID.String()
	etag := `"` + strconv.FormatInt(a.UpdatedAt.UnixMilli(), 10) + `"`
	w.Header().Set("ETag", etag)
	if matches(r.Header.Values("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return writeJSON(w, http.StatusOK, latestTicket{
		UserID: a.UserID, TicketID: a.TicketID.String(), Status: ticket.Approved, Extra: a.Extra, DecidedBy: a.DecidedBy,
		DecidedAtMS: a.UpdatedAt.UnixMilli(), CreatedAtMS: a.CreatedAt.UnixMilli(), UpdatedAtMS: a.UpdatedAt.UnixMilli(),
	})
}

// matches reports whether If-None-Match names the tag, as RFC 9110 section 13.1.2 compares them.
func matches(given []string, etag string) bool {
	for tag := range strings.SplitSeq(strings.Join(given, ","), ",") {
		tag = strings.TrimSpace(tag)
		if tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}

// noParameters refuses query parameters by name: a typing error must not be silently ignored.
func noParameters(r *http.Request) error {
	var unknown invalid
	for name := range r.URL.Query() {
		unknown = append(unknown, fieldProblem{Field: name, Code: "unknown_parameter", Message: "This call has no such parameter."})
	}
	if unknown != nil {
		return unknown
	}
	return nil
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b) // whoever left does not miss it
	return nil
}
