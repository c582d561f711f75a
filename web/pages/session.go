package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/mail"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// Home redirects to the first page of the account's role.
func (p *Pages) Home(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, nextPage(request.Session(r), ""), http.StatusSeeOther)
	return nil
}

func homeOf(a account.Account) string {
	switch {
	case a.Role == account.Customer:
		return views.TicketsPath
	case a.Role.Reviews():
		return views.ReviewPath(views.Filter{})
	default:
		return views.LoginPath("")
	}
}

// LoginForm shows the form to sign in.
func (p *Pages) LoginForm(w http.ResponseWriter, r *http.Request) error {
	shown := views.Login{Next: localPath(r.URL.Query().Get("next"))}
	switch r.URL.Query().Get("done") {
	case "confirm":
		shown.Notice = p.words(r).T("confirm.done")
	case "choose":
		shown.Notice = p.words(r).T("confirm.choose")
	case "reset":
		shown.Notice = p.words(r).T("reset.done")
	}
	return p.showLogin(w, r, http.StatusOK, shown)
}

// Login signs an account in. A wrong password and an unknown address get the same answer.
func (p *Pages) Login(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	typed := views.Login{Email: r.PostForm.Get("email"), Next: localPath(r.Form.Get("next"))}
	a, err := p.Accounts.SignIn(r.Context(), p.client(r), typed.Email, r.PostForm.Get("password"))
	if err := p.recordFailedSignIn(r, typed.Email, err); err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	switch {
	case errors.Is(err, account.ErrWrongPassword):
		typed.Problem = p.words(r).T("login.wrong")
	case errors.Is(err, account.ErrDisabled):
		typed.Problem = p.words(r).T("login.disabled")
	case errors.Is(err, account.ErrNotLocal):
		status, typed.Problem = http.StatusForbidden, p.words(r).T("provider.only", "Name", p.providerTitle())
	case errors.Is(err, account.ErrUnconfirmed):
		typed.Problem, typed.Unconfirmed = p.words(r).T("confirm.first"), p.Mail != nil
	case errors.Is(err, account.ErrTooMany):
		status, typed.Problem = p.noteLimit(w, r, err)
	case err != nil:
		return err
	default:
		return p.startSession(w, r, a, typed.Next)
	}
	return p.showLogin(w, r, status, typed)
}

func (p *Pages) showLogin(w http.ResponseWriter, r *http.Request, status int, typed views.Login) error {
	site := p.site(r)
	site.Here = views.LoginPath(typed.Next)
	return p.render(w, r, status, views.LoginPage(site, typed), views.LoginForm(site, typed))
}

// SignupForm shows the form for a new account.
func (p *Pages) SignupForm(w http.ResponseWriter, r *http.Request) error {
	if !p.Accounts.Local.Allows(account.Customer) {
		return problem.ErrNoPage
	}
	return p.showSignup(w, r, http.StatusOK, views.Signup{Next: localPath(r.URL.Query().Get("next"))})
}

// Signup creates a customer's account and signs it in.
func (p *Pages) Signup(w http.ResponseWriter, r *http.Request) error {
	if !p.Accounts.Local.Allows(account.Customer) {
		return problem.ErrNoPage
	}
	if err := request.ParseForm(r); err != nil {
		return err
	}
	typed := views.Signup{Email: r.PostForm.Get("email"), Next: localPath(r.Form.Get("next"))}
	a, err := p.addCustomer(r, typed.Email, r.PostForm.Get("password"))
	status := http.StatusUnprocessableEntity
	switch {
	case errors.Is(err, errConfirmFirst):
		http.Redirect(w, r, views.MailSentPath, http.StatusSeeOther)
		return nil
	case errors.Is(err, mail.ErrTooMany):
		typed.EmailProblem, status = p.words(r).T("mail.too_many"), tooManyMails(w)
	case errors.Is(err, account.ErrEmail):
		typed.EmailProblem = p.words(r).T("signup.email_wrong")
	case errors.Is(err, account.ErrEmailTaken):
		typed.EmailProblem = p.words(r).T("signup.email_taken")
	case errors.Is(err, account.ErrPassword):
		typed.PasswordProblem = p.passwordProblem(r, err)
	case err != nil:
		return err
	default:
		if err := p.recordAccount(r, audit.AccountAdded, a); err != nil {
			return err
		}
		return p.startSession(w, r, a, typed.Next)
	}
	return p.showSignup(w, r, status, typed)
}

// passwordProblem says why a new password is refused.
func (p *Pages) passwordProblem(r *http.Request, err error) string {
	switch words := p.words(r); {
	case errors.Is(err, account.ErrPasswordCommon):
		return words.T("signup.password_common")
	case errors.Is(err, account.ErrPasswordOwn):
		return words.T("signup.password_own")
	default:
		return words.T("signup.password_wrong")
	}
}

func (p *Pages) showSignup(w http.ResponseWriter, r *http.Request, status int, typed views.Signup) error {
	site := p.site(r)
	site.Here = views.SignupPath(typed.Next)
	return p.render(w, r, status, views.SignupPage(site, typed), views.SignupForm(site, typed))
}

// startSession signs an account in and redirects to next, or to its first page.
func (p *Pages) startSession(w http.ResponseWriter, r *http.Request, a account.Account, next string) error {
	if err := p.notifySignIn(r, a); err != nil {
		return err
	}
	session, err := p.Sessions.SignIn(w, r, a)
	if err != nil {
		return err
	}
	return p.leadOn(w, r, session, next)
}

// leadOn finishes a sign-in whose session has begun, and redirects to next, or to the first page of the account.
func (p *Pages) leadOn(w http.ResponseWriter, r *http.Request, session account.Session, next string) error {
	if err := p.finishSignIn(w, r, session); err != nil {
		return err
	}
	http.Redirect(w, r, nextPage(session, next), http.StatusSeeOther)
	return nil
}

// finishSignIn records that somebody has signed in and remembers the device, once their session is complete.
func (p *Pages) finishSignIn(w http.ResponseWriter, r *http.Request, s account.Session) error {
	if s.Account() == (account.Account{}) {
		return nil
	}
	if err := p.recordAccount(r, audit.SignedIn, s.Owner); err != nil {
		return err
	}
	p.Devices.Remember(w, r, s.Owner.ID)
	return nil
}

// client is who sends a password.
func (p *Pages) client(r *http.Request) account.Client {
	return account.Client{Addr: request.Client(r, p.TrustedProxies), Device: p.Devices.Of(r)}
}

// nextPage is where a session goes on: the page of its stage, which leads to next; when it is complete next, or the first page of
// the account where next is empty or not for it.
func nextPage(s account.Session, next string) string {
	switch a := s.Account(); {
	case s.Stage != account.Complete:
		return stagePath(s.Stage, next)
	case next == "" || !mayOpen(a, next) || strings.HasPrefix(next, views.EventsPath):
		return homeOf(a)
	}
	return next
}

// mayOpen reports whether an account may open a page.
func mayOpen(a account.Account, page string) bool {
	switch {
	case strings.HasPrefix(page, views.ReviewPath(views.Filter{})):
		return a.Role.Reviews()
	case strings.HasPrefix(page, "/admin/"):
		return a.Role.Administers()
	case strings.HasPrefix(page, views.TicketsPath):
		return a.Role.Submits()
	}
	return true
}

// Logout ends the session, and lets the browser forget what it has kept of its pages. Cookies are no part of that: a browser
// would delete those of every ticket system on the host.
func (p *Pages) Logout(w http.ResponseWriter, r *http.Request) error {
	provider, err := p.signOutAddress(r)
	if err != nil {
		return err
	}
	if err := p.Sessions.SignOut(w, r); err != nil {
		return err
	}
	if owner := request.Session(r).Owner; owner != (account.Account{}) {
		if err := p.recordAccount(r, audit.SignedOut, owner); err != nil {
			return err
		}
	}
	w.Header().Set("Clear-Site-Data", `"cache"`)
	if provider != "" {
		return p.showSigningOut(w, r, provider)
	}
	http.Redirect(w, r, views.LoginPath(""), http.StatusSeeOther)
	return nil
}

// maxNext is how many bytes an address has at most, escaped, where it stands in another one: nginx refuses an answer with more than 4 KiB
// of headers.
const maxNext = 3000

// localPath is next if it is an address of this site, else empty: a trusted link must not lead to another site. One that is too long
// loses its query.
func localPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	for _, shorter := range []string{next, u.EscapedPath()} {
		if len(url.QueryEscape(shorter)) <= maxNext {
			return shorter
		}
	}
	return ""
}
