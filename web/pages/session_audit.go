package pages

import (
	"errors"
	"net/http"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/web/request"
)

// recordFailedSignIn records a sign-in that was refused, if cause says that it was. Those that were refused unread, for
// which there were too many before, are recorded once a minute: anybody may send any number of them.
func (p *Pages) recordFailedSignIn(r *http.Request, email string, cause error) error {
	failed := request.NewEntry(r, audit.SignInFailed, p.Audit.Email(account.NormalizeEmail(email)))
	failed.Actor = audit.Anonymous
	switch {
	case errors.Is(cause, account.ErrWrongPassword), errors.Is(cause, account.ErrDisabled), errors.Is(cause, account.ErrUnconfirmed), errors.Is(cause, account.ErrNotLocal):
		return p.Audit.Record(r.Context(), failed)
	case errors.Is(cause, account.ErrTooMany):
		return p.Audit.RecordRepeated(r.Context(), failed)
	}
	return nil
}

// recordCount records an action that is about a number of things.
func (p *Pages) recordCount(r *http.Request, action audit.Action, object string, count int64) error {
	entry := request.NewEntry(r, action, object)
	entry.Count = count
	return p.Audit.Record(r.Context(), entry)
}

// recordAccount records what a request does with the account of who sent it.
func (p *Pages) recordAccount(r *http.Request, action audit.Action, a account.Account) error {
	entry := request.NewEntry(r, action, audit.AccountObject(a.ID))
	entry.Actor = request.ActorOf(a)
	return p.Audit.Record(r.Context(), entry)
}
