package intake

import (
	"context"
	"slices"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/ticket"
)

// StaffOf lists the agents and admins who may sign in.
type StaffOf func(ctx context.Context) ([]account.Account, error)

// checkApprovers returns form.Invalid where a step of a submission asks an address that has to be that of somebody else's account as an
// agent or admin, and is not. The problem is at the fields that the address comes from.
func (in *Intake) checkApprovers(ctx context.Context, sub ticket.Submission) error {
	wrong, staff := form.Invalid{}, []account.Account(nil)
	for _, step := range in.Form.Steps {
		at := slices.IndexFunc(sub.Steps, func(s ticket.NewStep) bool { return s.Name == step.Name })
		if !step.MustExist || at < 0 || sub.Steps[at].Email == "" {
			continue
		}
		if staff == nil {
			var err error
			if staff, err = in.Staff(ctx); err != nil {
				return err
			}
		}
		email := sub.Steps[at].Email
		if slices.ContainsFunc(staff, func(a account.Account) bool { return a.Email == email && a.UserID() != sub.UserID }) {
			continue
		}
		for _, name := range step.Who.Fields {
			wrong[name] = form.Problem{Code: form.CodeNotAnOption, Message: i18n.Of(in.Form.In(sub.Language).Language).T("answer.no_approver")}
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	return wrong
}
