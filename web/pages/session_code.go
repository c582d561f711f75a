package pages

import (
	"net/http"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/views"
	"docket/web/request"
)

// CodeForm asks for a code of the second factor, after the password.
func (p *Pages) CodeForm(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.URL.Query().Get("next"))
	if session := request.Session(r); session.Stage == account.Complete {
		http.Redirect(w, r, nextPage(session, next), http.StatusSeeOther)
		return nil
	}
	return p.showCode(w, r, http.StatusOK, views.LoginCode{Next: next})
}

// ConfirmCode completes a sign-in with a code of the second factor, or a recovery code.
func (p *Pages) ConfirmCode(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	session, shown := request.Session(r), views.LoginCode{Next: localPath(r.Form.Get("next"))}
	if session.Stage == account.Complete { // sent twice
		http.Redirect(w, r, nextPage(session, shown.Next), http.StatusSeeOther)
		return nil
	}
	recovery, err := p.Accounts.ConfirmFactor(r.Context(), session, r.PostForm.Get("code"))
	if err == nil {
		passed := map[bool]audit.Action{false: audit.FactorPassed, true: audit.RecoveryCodeUsed}[recovery]
		err = p.recordAccount(r, passed, session.Owner)
	}
	if err == nil {
		return p.leaveStage(w, r, shown.Next, "")
	}
	wrong, status, err := p.proofProblem(w, r, err)
	if err != nil {
		return err
	}
	shown.Problem = wrong
	return p.showCode(w, r, status, shown)
}

func (p *Pages) showCode(w http.ResponseWriter, r *http.Request, status int, shown views.LoginCode) error {
	site := p.site(r)
	site.Here = views.CodePath(shown.Next)
	return p.render(w, r, status, views.CodePage(site, shown), views.CodeSection(site, shown))
}
