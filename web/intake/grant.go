package intake

import (
	"errors"

	"docket/internal/form"
	"docket/internal/ticket"
)

// ProposedGrant is what an approval of a ticket grants when nobody types anything: what the form proposes, and nil where it asks
// nothing. asked says that something has to be typed.
func (in *Intake) ProposedGrant(t ticket.Ticket) (grant []byte, asked bool) {
	grant, err := in.CheckGrant(in.Form, t, nil)
	return grant, err != nil
}

// CheckGrant checks what was typed for an approval of a ticket, or without it what is proposed, by a form in a language. It is nil where
// the form asks nothing. What is wrong is form.Invalid; with a decision on a closed ticket more is wrong than that.
func (in *Intake) CheckGrant(f *form.Form, t ticket.Ticket, typed form.Input) ([]byte, error) {
	asked := f.GrantOf(t.Extra, t.CreatedAt)
	if !asked.Asks() {
		return nil, nil
	}
	if typed == nil {
		typed = f.ProposeGrant(asked, t.Extra)
	}
	asked.Fold(typed)
	answers, err := asked.Check(typed, in.Now())
	if err != nil && !t.Status.Open() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return answers.JSON(), nil
}

// grantByRule is what an approval by a rule grants: what is proposed. False: a person has to type something.
func (in *Intake) grantByRule(facts form.Facts) ([]byte, bool) {
	t := ticket.Ticket{Status: ticket.Processing, Extra: facts.Answers.JSON(), CreatedAt: facts.Now}
	grant, err := in.CheckGrant(in.Form, t, nil)
	_, invalid := errors.AsType[form.Invalid](err)
	return grant, !invalid
}
