package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
)

// readGrant is what an agent typed for an approval; nil when the page did not ask.
func readGrant(sent url.Values) form.Input {
	if sent.Get(views.GrantField) == "" {
		return nil
	}
	typed := form.Input{}
	for name, texts := range sent {
		if asked, ok := strings.CutPrefix(name, views.GrantPrefix); ok {
			typed[asked] = texts
		}
	}
	return typed
}

// checkGrant is what an approval grants; without anything typed what is proposed. What is wrong with it is form.Invalid, at the names of
// the inputs.
func (p *Pages) checkGrant(r *http.Request, input decisionInput) ([]byte, error) {
	if p.Form.Grant == nil {
		return nil, nil
	}
	t, err := p.Desk.Ticket(ticket.Fresh(r.Context()), input.ticketID)
	if err != nil {
		return nil, err
	}
	grant, err := p.Intake.CheckGrant(r.Context(), p.formFor(r), t, input.typed.Grant)
	if refused, ok := errors.AsType[form.Invalid](err); ok {
		wrong := form.Invalid{}
		for name, found := range refused {
			wrong[views.GrantPrefix+name] = found
		}
		return nil, wrong
	}
	return grant, err
}

// addGrant adds what an approval of an open ticket is asked, and what the form proposes for it.
func (p *Pages) addGrant(r *http.Request, view *views.Review) (err error) {
	if p.Form.Grant == nil || !view.Ticket.Status.Open() {
		return nil
	}
	f := p.formFor(r)
	view.Grant = f.GrantOf(view.Ticket.Extra, view.Ticket.CreatedAt)
	view.Proposed, err = p.Intake.ProposeGrant(r.Context(), f, view.Grant, view.Ticket)
	return err
}
