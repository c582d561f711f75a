package pages

import (
	"net/http"
	"slices"

	"docket/internal/account"
	"docket/views"
	"docket/web/request"
)

// OwnAccount shows one's own account.
func (p *Pages) OwnAccount(w http.ResponseWriter, r *http.Request) error {
	site, done := p.site(r), r.URL.Query().Get("done")
	shown := views.OwnAccount{}
	if slices.Contains(views.AccountChanges, done) {
		shown.Done = done
	}
	page := views.AccountPage(site, shown)
	return p.render(w, r, http.StatusOK, page, page)
}

// goOn redirects after a change of one's own account: a session that the change was asked of to its next page, any other to the
// page of the account, which says what was done.
func (p *Pages) goOn(w http.ResponseWriter, r *http.Request, next, done string) error {
	target := views.AccountDonePath(done)
	if request.Session(r).Stage != account.Complete {
		session, err := p.Sessions.Reload(r)
		if err != nil {
			return err
		}
		target = nextPage(session, next)
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}
