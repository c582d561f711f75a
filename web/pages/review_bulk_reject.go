package pages

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// rejectEach rejects tickets for a reason, each for one row alone where the agent chose one. The message says why none can be rejected so.
func (p *Pages) rejectEach(r *http.Request, view views.BulkView) (work bulkWork, message string, err error) {
	by, words := ticket.Agent(request.Account(r).ID.String()), p.words(r)
	rejection := form.Rejection{Locale: words.Tag()}
	if view.Reason != "" {
		rejection.Reasons = []string{view.Reason}
	}
	_, err = p.Form.Reject(rejection, by, "")
	if refused, ok := errors.AsType[form.Invalid](err); ok {
		return nil, firstMessage(refused), nil
	}
	if group, _, _ := strings.Cut(view.Row, "."); view.Row != "" {
		reason, _ := p.Form.Reason(view.Reason)
		if !slices.Contains(p.Form.GroupsOf(reason), group) {
			return nil, words.T("reject.other_row"), nil
		}
		rejection.Rows = []string{view.Row}
	}
	return p.decideEach(r, func(_ context.Context, t ticket.Ticket) (ticket.Decision, error) {
		of := rejection
		of.Extra = t.Extra
		return p.Form.In(t.Language).Reject(of, by, "")
	}), "", err
}

// hasRow reports whether a ticket has a row of a group, such as "owners.1".
func (p *Pages) hasRow(t ticket.Ticket, row string) bool {
	group, slot, _ := strings.Cut(row, ".")
	return slices.Contains(p.Form.InputFromAnswers(t.Extra)[group], slot)
}
