package pages

import (
	"errors"
	"net/http"
	"strings"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/mail"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// ForgotForm shows the form that asks for a link to set a new password.
func (p *Pages) ForgotForm(w http.ResponseWriter, r *http.Request) error {
	return p.showForgot(w, r, http.StatusOK, views.Forgot{})
}

// Forgot has a link sent that sets a new password. It answers the same for every address: the work is done when the e-mail is sent.
func (p *Pages) Forgot(w http.ResponseWriter, r *http.Request) error {
	if !p.sendsResets() {
		return problem.ErrNoPage
	}
	if err := request.ParseForm(r); err != nil {
		return err
	}
	typed := views.Forgot{Email: r.PostForm.Get("email")}
	if !strings.Contains(typed.Email, "@") {
		typed.Problem = p.words(r).T("signup.email_wrong")
		return p.showForgot(w, r, http.StatusUnprocessableEntity, typed)
	}
	err := p.Mail.CountRequest(r.Context(), typed.Email, p.client(r).Addr)
	if errors.Is(err, mail.ErrTooMany) {
		typed.Problem = p.words(r).T("mail.too_many")
		return p.showForgot(w, r, tooManyMails(w), typed)
	}
	if err != nil {
		return err
	}
	if err := p.Mail.AskReset(r.Context(), typed.Email); err != nil {
		return err
	}
	http.Redirect(w, r, views.MailSentPath, http.StatusSeeOther)
	return nil
}

func (p *Pages) showForgot(w http.ResponseWriter, r *http.Request, status int, typed views.Forgot) error {
	if !p.sendsResets() {
		return problem.ErrNoPage
	}
	site := p.site(r)
	site.Here = views.ForgotPath
	return p.render(w, r, status, views.ForgotPage(site, typed), views.ForgotForm(site, typed))
}

// sendsResets reports whether somebody may have a link sent that sets a new password.
func (p *Pages) sendsResets() bool { return p.Mail != nil && p.Accounts.Local != account.LocalNone }

// ResetForm shows the form for a new password which a link leads to.
func (p *Pages) ResetForm(w http.ResponseWriter, r *http.Request) error {
	return p.showReset(w, r, http.StatusOK, "")
}

// Reset sets the new password of the account that a link was sent to. It signs nobody in: a second factor stays.
func (p *Pages) Reset(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	owner, err := p.Accounts.ResetPassword(r.Context(), p.client(r), r.PathValue("token"), r.PostForm.Get("password"))
	switch {
	case errors.Is(err, account.ErrPassword):
		return p.showReset(w, r, http.StatusUnprocessableEntity, p.passwordProblem(r, err))
	case errors.Is(err, account.ErrLink):
		return p.showResetBroken(w, r)
	case err != nil:
		return err
	}
	if err := p.recordAccount(r, audit.PasswordChanged, owner); err != nil {
		return err
	}
	hideAddress(w)
	http.Redirect(w, r, views.DonePath("reset"), http.StatusSeeOther)
	return nil
}

func (p *Pages) showReset(w http.ResponseWriter, r *http.Request, status int, wrong string) error {
	hideAddress(w)
	token := r.PathValue("token")
	owner, err := p.Accounts.LinkedAccount(r.Context(), account.ResetLink, token)
	if errors.Is(err, account.ErrLink) {
		return p.showResetBroken(w, r)
	}
	if err != nil {
		return err
	}
	site, shown := p.site(r), views.Reset{Token: token, Email: owner.Email, Problem: wrong}
	site.Here = views.ResetPath(token)
	return p.render(w, r, status, views.ResetPage(site, shown), views.ResetForm(site, shown))
}

func (p *Pages) showResetBroken(w http.ResponseWriter, r *http.Request) error {
	hideAddress(w)
	words := p.words(r)
	link := views.BrokenLink{Title: words.T("forgot.title"), Problem: words.T("reset.wrong"), Path: views.LoginPath(""), PathText: words.T("login.title")}
	if p.Mail != nil {
		link.Path, link.PathText = views.ForgotPath, words.T("forgot.link")
	}
	return p.showBrokenLink(w, r, link)
}
