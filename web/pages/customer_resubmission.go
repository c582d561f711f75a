package pages

import (
	"net/http"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/intake"
)

// askAgain makes of a form one that corrects a rejected attempt: it asks only the fields that need it, unless its user wants the
// whole form.
func (p *Pages) askAgain(r *http.Request, view *views.FormView, t ticket.Ticket) {
	view.Previous, view.Values = &t, intake.AddMissing(view.Values, p.Form.ResubmissionInput(t))
	if view.WholeForm {
		return
	}
	resubmission, partial := p.Form.Resubmit(t, view.Values, p.Now())
	if !partial {
		return
	}
	view.Values = resubmission.Input
	if view.WholeForm = r.URL.Query().Has("all"); !view.WholeForm {
		view.Asked = resubmission.Asked
	}
}
