package pages

import (
	"net/http"

	"docket/internal/ticket"
	"docket/views"
)

// narrow makes of the form that mends a ticket one that asks only what is to be mended, unless its user asked for all of it.
func (p *Pages) narrow(r *http.Request, sheet *views.Sheet, t ticket.Ticket) {
	sheet.Mends = &t
	if sheet.All {
		return
	}
	if !sheet.Kept {
		sheet.Values = p.Form.Prefill(t)
	}
	again, part := p.Form.Resubmit(t, sheet.Values, p.Now())
	if !part {
		return
	}
	sheet.Values = again.Input
	if sheet.All = r.URL.Query().Has("all"); !sheet.All {
		sheet.Asked = again.Asked
	}
}
