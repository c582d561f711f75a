package api

import (
	"maps"
	"net/http"
	"net/url"

	"docket/internal/account"
	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/web/listing"
	"docket/web/problem"
	"docket/web/request"
)

// listJSON is one page of a list. A list that has no range of time has null for its ends.
type listJSON struct {
	Items      []ticketJSON `json:"items"`
	NextCursor *string      `json:"next_cursor"`
	FromMS     *int64       `json:"from_ms"`
	ToMS       *int64       `json:"to_ms"`
}

// List is the tickets of one status that were created in a range of time.
func (a *API) List(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	given, err := parseParameters(r, "status", "from", "to", "user_id", "sort", "cursor", "limit")
	if err != nil {
		return err
	}
	asked := url.Values{"user": given["user_id"]}
	maps.Copy(asked, given)
	q, filter, wrong := a.Lists.ParseFilter(asked, i18n.Of(i18n.Source))
	if err := filterProblem(wrong); err != nil {
		return err
	}
	found, err := a.Desk.Queue(r.Context(), listing.UpToNow(q, filter))
	if err != nil {
		return err
	}
	if err := a.recordList(r, filter.User, found); err != nil {
		return err
	}
	answer := a.newListJSON(found, listing.CursorList(filter)...)
	answer.FromMS, answer.ToMS = msOrNull(q.From), msOrNull(q.To)
	return writeList(w, r, answer)
}

// ListOfUser is the tickets of one user, newest first. An unknown user has none.
func (a *API) ListOfUser(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	given, err := parseParameters(r, "cursor", "limit")
	if err != nil {
		return err
	}
	userID := r.PathValue("user_id")
	if userID == "" || !request.ValidUserID(userID) { // nobody can have such an id
		return problem.ErrNoPage
	}
	limit, ok := listing.ParseLimit(given)
	if !ok {
		return filterProblem(listing.Problems{"limit": listing.WrongLimit(i18n.Of(i18n.Source))})
	}
	after, err := a.Lists.ParseCursor(given.Get("cursor"), "own", userID)
	if err != nil {
		return err
	}
	found, err := a.Desk.TicketsOf(r.Context(), userID, ticket.Page{After: after, Limit: limit})
	if err != nil {
		return err
	}
	if err := a.recordList(r, userID, found); err != nil {
		return err
	}
	return writeList(w, r, a.newListJSON(found, "own", userID))
}

// recordList records that a list is shown, of a user's tickets or of all where user is empty.
func (a *API) recordList(r *http.Request, user string, found ticket.List) error {
	entry := request.NewEntry(r, listing.ActionOf(user), "")
	entry.Count = int64(len(found.Tickets))
	return a.Audit.Record(r.Context(), entry)
}

// newListJSON is a page as a key may see it; list names the list that its cursor is good for.
func (a *API) newListJSON(found ticket.List, list ...string) listJSON {
	answer := listJSON{Items: make([]ticketJSON, len(found.Tickets))}
	for i, t := range found.Tickets {
		answer.Items[i] = newTicketJSON(t)
	}
	if !found.Next.IsZero() {
		answer.NextCursor = textOrNull(a.Lists.Sign(found.Next, list...))
	}
	return answer
}

// filterProblem is what is wrong with a filter, in the names of the JSON interface; nil when nothing is. A cursor or a range
// that is too wide is a problem of its own when nothing else is wrong; a wrong filter makes its cursor wrong, too.
func filterProblem(wrong listing.Problems) error {
	_, badCursor := wrong["cursor"]
	switch {
	case len(wrong) == 1 && badCursor:
		return problem.ErrCursor
	case wrong["from"].Code == listing.CodeTooWide && (len(wrong) == 1 || len(wrong) == 2 && badCursor):
		return problem.ErrWideRange
	}
	var problems problem.Invalid
	for name, found := range wrong {
		if found.Code == listing.CodeTooWide {
			found.Code = problem.FieldBadTime
		}
		if name == "user" {
			name = "user_id"
		}
		problems.Add(name, found.Code, found.Message)
	}
	return problems.Sorted()
}
