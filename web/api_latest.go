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

func (s *Server) latestTicket(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	if _, err := parameters(r); err != nil {
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
