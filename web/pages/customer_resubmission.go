package pages

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// mendable reports whether a ticket was rejected for something that its user may put right.
func (p *Pages) mendable(t ticket.Ticket) bool {
	return t.Status == ticket.Rejected && p.Form.ClassOf(t.Decision) == form.Retry
}

// mended is the rejected ticket that a form mends: the one that it names, or else the user's last. When that is open, it
// is this very submission that arrives again, and mends what that one did. False: there is none.
func (p *Pages) mended(r *http.Request, mends string) (ticket.Ticket, bool, error) {
	if !p.Form.OneOpen {
		return ticket.Ticket{}, false, nil
	}
	id, err := uuid.Parse(mends)
	if err != nil {
		own, err := p.Desk.TicketsOf(r.Context(), request.UserID(r), ticket.Page{Limit: 1})
		if err != nil || len(own.Tickets) == 0 {
			return ticket.Ticket{}, false, err
		}
		last := own.Tickets[0]
		if !last.Status.Open() || last.Previous == uuid.Nil {
			return last, p.mendable(last), nil
		}
		id = last.Previous
	}
	t, err := p.Desk.TicketOf(r.Context(), request.UserID(r), id)
	if errors.Is(err, ticket.ErrNotFound) {
		return ticket.Ticket{}, false, nil
	}
	return t, err == nil && p.mendable(t), err
}

// carry finds out what a form mends. What it does not ask is as it was sent before, whatever it was given for that; the
// whole form asks everything.
func (p *Pages) carry(r *http.Request, sent *sheet) error {
	t, found, err := p.mended(r, sent.values.Text("mends"))
	if err != nil || !found {
		return err
	}
	sent.mends = &t
	if sent.all {
		return nil
	}
	if again, part := p.Form.Resubmit(t, sent.values, p.Now()); part {
		sent.values, sent.asked = again.Input, again.Asked
	}
	return nil
}

// widen makes the whole form of one that asked only what is to be mended, with what was typed into that.
func (p *Pages) widen(r *http.Request, sent *sheet) error {
	sent.all = false
	err := p.carry(r, sent)
	sent.all, sent.asked = true, nil
	return err
}

// retake finds the files that came with an earlier attempt to send the same form, where it names none now.
func (p *Pages) retake(r *http.Request, sent *sheet) error {
	var missing []string
	for _, name := range p.Form.Uploads() {
		if sent.values.Text(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	draft, err := p.Files.Draft(r.Context(), request.UserID(r))
	if err != nil || draft.SubmissionID != sent.submission {
		return err
	}
	for _, name := range missing {
		if id := draft.Answers.Text(name); id != "" {
			sent.values.Set(name, id)
		}
	}
	return nil
}

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
