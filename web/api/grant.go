package api

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/ticket"
)

// readGrant is what an approval grants: what was sent, or left out what the form proposes. It is nil where the form asks nothing.
func (a *API) readGrant(ctx context.Context, b *requestBody, id uuid.UUID) ([]byte, error) {
	sent := b.hasField("grant", false)
	if a.Form.Grant == nil {
		if sent {
			b.addProblem("grant", form.CodeUnknownField, "This form asks nothing of an approval.")
		}
		return nil, nil
	}
	t, err := a.Desk.Ticket(ticket.Fresh(ctx), id)
	if err != nil {
		return nil, err
	}
	f := a.Form.In(i18n.Source)
	if !sent {
		grant, err := a.Intake.CheckGrant(ctx, f, t, nil)
		return grant, b.addGrantProblems(err)
	}
	value := b.members["grant"]
	if value.Value[0] != '{' {
		b.addProblem("grant", form.CodeWrongType, "Must be an object.")
		return nil, nil
	}
	asked := f.GrantOf(t.Extra, t.CreatedAt)
	members, err := value.Object(asked.Names()...)
	if err != nil {
		return nil, err
	}
	answers, err := asked.CheckJSON(eachMember(members), a.Now())
	switch {
	case err != nil && t.Status.Open():
		return nil, b.addGrantProblems(err)
	case err != nil || !asked.Asks():
		return nil, nil
	}
	return answers.JSON(), nil
}

// addGrantProblems notes what is wrong with a grant, and returns what else went wrong.
func (b *requestBody) addGrantProblems(err error) error {
	wrong, refused := errors.AsType[form.Invalid](err)
	if !refused {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		b.addProblem("grant."+name, wrong[name].Code, wrong[name].Message)
	}
	return nil
}
