package pages

import (
	"errors"
	"net/http"
	"strconv"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/mail"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// errConfirmFirst says that a new account has to be confirmed by e-mail before it can sign in.
var errConfirmFirst = errors.New("the address has to be confirmed")

// addCustomer makes a customer's account. Where e-mail is sent it returns errConfirmFirst instead, also for an address that has
// an account.
func (p *Pages) addCustomer(r *http.Request, email, password string) (account.Account, error) {
	client := p.client(r)
	if p.Mail == nil || !p.Mail.Confirms() {
		return p.Accounts.Add(r.Context(), client, email, password, account.Customer)
	}
	if err := p.Accounts.CheckNew(email, password); err != nil { // no e-mail would be sent: it is not counted
		return account.Account{}, err
	}
	if err := p.Mail.CountRequest(r.Context(), email, client.Addr); err != nil {
		return account.Account{}, err
	}
	if err := p.Accounts.SignUp(r.Context(), client, email, password, p.words(r).Tag()); err != nil {
		return account.Account{}, err
	}
	p.Mail.Wake()
	return account.Account{}, errConfirmFirst
}

// ConfirmForm shows the button that confirms the address which a link was sent to.
func (p *Pages) ConfirmForm(w http.ResponseWriter, r *http.Request) error {
	hideAddress(w)
	token := r.PathValue("token")
	_, err := p.Accounts.LinkedAccount(r.Context(), account.ConfirmLink, token)
	if errors.Is(err, account.ErrLink) {
		return p.showConfirmBroken(w, r)
	}
	if err != nil {
		return err
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.ConfirmPage(site, token), views.ConfirmForm(site, token))
}

// Confirm confirms the address which a link was sent to.
func (p *Pages) Confirm(w http.ResponseWriter, r *http.Request) error {
	hideAddress(w)
	owner, err := p.Accounts.Confirm(r.Context(), r.PathValue("token"))
	done := "confirm"
	switch {
	case errors.Is(err, account.ErrLink):
		return p.showConfirmBroken(w, r)
	case errors.Is(err, account.ErrChoosePassword):
		done = "choose"
		p.Mail.Wake()
	case err != nil:
		return err
	}
	if err := p.recordAccount(r, audit.AccountAdded, owner); err != nil {
		return err
	}
	http.Redirect(w, r, views.DonePath(done), http.StatusSeeOther)
	return nil
}

func (p *Pages) showConfirmBroken(w http.ResponseWriter, r *http.Request) error {
	words := p.words(r)
	return p.showBrokenLink(w, r, views.BrokenLink{
		Title: words.T("confirm.title"), Problem: words.T("confirm.wrong"), Path: views.LoginPath(""), PathText: words.T("login.title"),
	})
}

func (p *Pages) showBrokenLink(w http.ResponseWriter, r *http.Request, link views.BrokenLink) error {
	site := p.site(r)
	return p.render(w, r, http.StatusNotFound, views.BrokenLinkPage(site, link), views.BrokenLinkNote(site, link))
}

// ConfirmAgain sends the link again that confirms an address. It answers the same for every address.
func (p *Pages) ConfirmAgain(w http.ResponseWriter, r *http.Request) error {
	if p.Mail == nil {
		return problem.ErrNoPage
	}
	if err := request.ParseForm(r); err != nil {
		return err
	}
	email := r.PostForm.Get("email")
	err := p.Mail.CountRequest(r.Context(), email, p.client(r).Addr)
	if errors.Is(err, mail.ErrTooMany) {
		return p.showLogin(w, r, tooManyMails(w), views.Login{Email: email, Problem: p.words(r).T("mail.too_many")})
	}
	if err != nil {
		return err
	}
	if err := p.Mail.AskConfirmation(r.Context(), email); err != nil {
		return err
	}
	http.Redirect(w, r, views.MailSentPath, http.StatusSeeOther)
	return nil
}

// MailSent says that an e-mail is on its way.
func (p *Pages) MailSent(w http.ResponseWriter, r *http.Request) error {
	if p.Mail == nil {
		return problem.ErrNoPage
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.MailSentPage(site), views.MailSent(site))
}

// tooManyMails says when to ask for an e-mail again, and is the status of the answer.
func tooManyMails(w http.ResponseWriter) (status int) {
	w.Header().Set("Retry-After", strconv.Itoa(int(mail.CountTime.Seconds())))
	return http.StatusTooManyRequests
}

// hideAddress keeps browsers from telling anybody the address of this page, whose path has a token. With no-referrer alone they
// would not say either which site its form comes from; the last policy that a browser knows is the one that counts.
func hideAddress(w http.ResponseWriter) {
	w.Header().Set("Referrer-Policy", "no-referrer, strict-origin")
}
