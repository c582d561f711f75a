package web

import (
	"maps"
	"net/http"
	"net/url"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
)

// listJSON is one page of a list. A list that has no range of time has null for its ends.
type listJSON struct {
	Items      []ticketJSON `json:"items"`
	NextCursor *string      `json:"next_cursor"`
	FromMS     *int64       `json:"from_ms"`
	ToMS       *int64       `json:"to_ms"`
}

// apiTickets is the tickets of one status that were created in a range of time.
func (s *Server) apiTickets(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	given, err := parameters(r, "status", "from", "to", "user_id", "sort", "cursor", "limit")
	if err != nil {
		return err
	}
	asked := url.Values{"user": given["user_id"]}
	maps.Copy(asked, given)
	q, filter, wrong := s.window(asked)
	if err := refused(wrong); err != nil {
		return err
	}
	found, err := s.Desk.Queue(r.Context(), upToNow(q, filter))
	if err != nil {
		return err
	}
	answer := s.listed(found, listOf(filter)...)
	answer.FromMS, answer.ToMS = msOrNull(q.From), msOrNull(q.To)
	return writeJSON(w, http.StatusOK, answer)
}

// apiTicketsOf is the tickets of one user, newest first. A user of whom nothing is known has none.
func (s *Server) apiTicketsOf(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	given, err := parameters(r, "cursor", "limit")
	if err != nil {
		return err
	}
	userID := r.PathValue("user_id")
	if userID == "" || !storable(userID) { // nobody can have such an id
		return errNoPage
	}
	limit, ok := limitOf(given)
	if !ok {
		return refused(map[string]string{"limit": wrongLimit})
	}
	after, err := s.cursor(given.Get("cursor"), "own", userID)
	if err != nil {
		return err
	}
	found, err := s.Desk.TicketsOf(r.Context(), userID, ticket.Page{After: after, Limit: limit})
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, s.listed(found, "own", userID))
}

// listed is a page as a key may see it; list names the list that its cursor is good for.
func (s *Server) listed(found ticket.List, list ...string) listJSON {
	answer := listJSON{Items: make([]ticketJSON, len(found.Tickets))}
	for i, t := range found.Tickets {
		answer.Items[i] = shown(t)
	}
	if !found.Next.IsZero() {
		answer.NextCursor = orNull(s.sign(found.Next, list...))
	}
	return answer
}

// refused is what window found wrong, in the names and codes of the JSON interface; nil when that is nothing.
func refused(wrong map[string]string) error {
	_, cursor := wrong["cursor"]
	switch {
	case len(wrong) == 1 && cursor:
		return errCursor
	case wrong["from"] == wide() && (len(wrong) == 1 || len(wrong) == 2 && cursor):
		return errWide
	}
	var problems invalid
	for name, message := range wrong {
		problems = append(problems, fieldProblem{parameterOf(name), codeOf(name), message})
	}
	return problems.sorted()
}

func parameterOf(name string) string {
	if name == "user" {
		return "user_id"
	}
	return name
}

func codeOf(name string) string {
	switch name {
	case "user":
		return "bad_user_id"
	case "limit":
		return "bad_limit"
	case "from", "to":
		return "bad_time"
	case "cursor":
		return answerTo(errCursor).code
	}
	return form.CodeNotAnOption
}
