package pages

import (
	"errors"
	"net/http"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/views"
	"docket/web/request"
)

// PasswordForm shows the form to change one's own password.
func (p *Pages) PasswordForm(w http.ResponseWriter, r *http.Request) error {
	return p.showPassword(w, r, http.StatusOK, views.PasswordChange{Next: localPath(r.URL.Query().Get("next"))})
}

// ChangePassword changes one's own password, which ends every other session of the account.
func (p *Pages) ChangePassword(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	session, shown := request.Session(r), views.PasswordChange{Next: localPath(r.Form.Get("next"))}
	err := p.Accounts.ChangePassword(r.Context(), p.client(r), session, r.PostForm.Get("old_password"), r.PostForm.Get("password"))
	status := http.StatusUnprocessableEntity
	switch {
	case err == nil:
		if err := p.recordAccount(r, audit.PasswordChanged, session.Owner); err != nil {
			return err
		}
		return p.leaveStage(w, r, shown.Next, views.PasswordChanged)
	case errors.Is(err, account.ErrPassword):
		shown.NewProblem = p.passwordProblem(r, err)
	case errors.Is(err, account.ErrSamePassword):
		shown.NewProblem = p.words(r).T("password.same")
	default:
		shown.Problem, status, err = p.proofProblem(w, r, err)
		if err != nil {
			return err
		}
	}
	return p.showPassword(w, r, status, shown)
}

func (p *Pages) showPassword(w http.ResponseWriter, r *http.Request, status int, shown views.PasswordChange) error {
	shown.Required = request.Session(r).Stage == account.NeedsPassword
	site := p.site(r)
	site.Here = views.PasswordPath(shown.Next)
	return p.render(w, r, status, views.PasswordPage(site, shown), views.PasswordForm(site, shown))
}
