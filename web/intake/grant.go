package intake

import (
	"context"
	"errors"

	"docket/internal/form"
	"docket/internal/ticket"
)

// ProposedGrant is what an approval of a ticket grants when nobody types anything: what is proposed, and nil where the form asks
// nothing. asked says that something has to be typed.
func (in *Intake) ProposedGrant(ctx context.Context, t ticket.Ticket) (grant []byte, asked bool, err error) {
	grant, err = in.CheckGrant(ctx, in.Form, t, nil)
	if _, asked = errors.AsType[form.Invalid](err); asked {
		return nil, true, nil
	}
	return grant, false, err
}

// CheckGrant checks what was typed for an approval of a ticket, or without it what is proposed, by a form in a language. It is nil where
// the form asks nothing. What is wrong is form.Invalid; with a decision on a closed ticket more is wrong than that.
func (in *Intake) CheckGrant(ctx context.Context, f *form.Form, t ticket.Ticket, typed form.Input) ([]byte, error) {
	asked := f.GrantOf(t.Extra, t.CreatedAt)
	if !asked.Asks() {
		return nil, nil
	}
	if typed == nil {
		proposed, err := in.ProposeGrant(ctx, f, asked, t)
		if err != nil {
			return nil, err
		}
		typed = proposed
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

// ProposeGrant is what is proposed for what an approval of a ticket is asked: what the step before granted, else what the customer answered.
func (in *Intake) ProposeGrant(ctx context.Context, f, asked *form.Form, t ticket.Ticket) (form.Input, error) {
	if len(f.Steps) > 0 {
		steps, err := in.Opinions.Steps(ctx, t.ID)
		if err != nil {
			return nil, err
		}
		if before := lastGiven(steps[t.ID]); len(before.Decision.Grant) > 0 {
			return asked.InputFromAnswers(before.Decision.Grant), nil
		}
	}
	return f.ProposeGrant(asked, t.Extra, in.Now()), nil
}

// lastGiven is the step that was given last; the zero Step when none was.
func lastGiven(steps []ticket.Step) (last ticket.Step) {
	for _, step := range steps {
		if step.Decision.At.After(last.Decision.At) {
			last = step
		}
	}
	return last
}

// grantByRule is what an approval by a rule grants: what the customer answered. False: a person has to type something.
func (in *Intake) grantByRule(facts form.Facts) ([]byte, bool) {
	extra := facts.Answers.JSON()
	asked := in.Form.GrantOf(extra, facts.Now)
	if !asked.Asks() {
		return nil, true
	}
	answers, err := asked.Check(in.Form.ProposeGrant(asked, extra, facts.Now), facts.Now)
	if err != nil {
		return nil, false
	}
	return answers.JSON(), true
}
