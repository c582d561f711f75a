package pages

import (
	"errors"
	"maps"
	"net/http"
	"slices"

	"docket/internal/form"
	"docket/web/problem"
	"docket/web/request"
)

// Revoke takes an approval back as the signed-in admin, or agent where the form lets agents do so.
func (p *Pages) Revoke(w http.ResponseWriter, r *http.Request) error {
	if !p.mayRevoke(r) {
		return problem.ErrForbidden
	}
	input, err := readDecision(r, p.words(r))
	if err != nil {
		return err
	}
	input.typed.Reasons = slices.DeleteFunc(input.typed.Reasons, func(code string) bool { return code == "" }) // the choice before any
	f, err := p.Intake.RejectionForm(r.Context(), input.ticketID)
	if err != nil {
		return err
	}
	revocation, err := f.Revoke(form.Rejection{Reasons: input.typed.Reasons, Locale: p.words(r).Tag()}, request.ActorOf(request.Account(r)), input.typed.Note)
	if refused, ok := errors.AsType[form.Invalid](err); ok {
		maps.Copy(input.invalid, fieldMessages(refused))
	}
	if len(input.invalid) > 0 {
		return p.showInvalidDecision(w, r, input)
	}
	_, err = p.Desk.Revoke(r.Context(), input.ticketID, input.version, revocation)
	return p.afterDecision(w, r, input, err)
}

// mayRevoke reports whether the account that is signed in may take approvals back.
func (p *Pages) mayRevoke(r *http.Request) bool {
	return request.Account(r).Role.Administers() || p.Form.AgentsRevoke
}
