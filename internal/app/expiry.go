package app

import (
	"context"
	"strings"
	"time"

	"docket/internal/form"
	"docket/internal/sleep"
	"docket/internal/ticket"
)

const expiryInterval = time.Second // between two looks for approvals that have ended

// termsOf says what approvals are for and when they end; nil where that is known of the ticket.
func termsOf(f *form.Form) ticket.TermsOf {
	if f.Approval.ValidFor == (form.Period{}) && f.Approval.Until == nil && !strings.HasPrefix(f.LatestPer, form.GrantPrefix) {
		return nil
	}
	return f.TermsOf
}

// remindDue has the owners of approvals that end soon asked for a new ticket, where the form says so.
func (i *Instance) remindDue(ctx context.Context) error {
	lead := i.Web.Form.Approval.AskAgain
	if lead == (form.Period{}) {
		return nil
	}
	now := time.Now()
	return i.store.RemindDue(ctx, lead.After(now).Sub(now))
}

// expireDue has the event of approvals that have ended written, until ctx ends. Every instance does so for all of them. What is looked up
// does not depend on it.
func (i *Instance) expireDue(ctx context.Context) error {
	for failing := false; ; {
		users, err := i.Desk.ExpireDue(ctx)
		if err == nil {
			err = i.remindDue(ctx)
		}
		if err == nil && len(users) > 0 {
			continue
		}
		if err != nil && !failing && ctx.Err() == nil {
			i.log.Warn("the end of approvals is not noted yet; it is tried again every second", "error", err)
		}
		failing = err != nil
		if sleep.For(ctx, expiryInterval) != nil {
			return nil
		}
	}
}
