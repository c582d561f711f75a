package pages

import (
	"net/http"

	"docket/internal/account"
)

// rememberLanguage remembers in which language the owner of an account reads, for their e-mails.
func (p *Pages) rememberLanguage(r *http.Request, a account.Account) {
	if p.Mail != nil {
		_ = p.Accounts.RememberLanguage(r.Context(), a.ID, p.words(r).Tag()) // the next sign-in or submission tries again
	}
}

// notifySignIn tells the owner of an account that it is signed in to on a device that is new to it, before it is: so that no sign-in
// is without.
func (p *Pages) notifySignIn(r *http.Request, a account.Account) error {
	if p.Mail == nil {
		return nil
	}
	p.rememberLanguage(r, a)
	if p.Devices.Of(r).Knows(a.ID) {
		return nil
	}
	return p.Mail.NotifyNewDevice(r.Context(), a.ID)
}
