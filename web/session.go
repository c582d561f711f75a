package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"docket/internal/account"
	"docket/views"
)

// home leads everybody to where their work is.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, homeOf(me(r)), http.StatusSeeOther)
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

func (s *Server) loginForm(w http.ResponseWriter, r *http.Request) error {
	return s.showLogin(w, r, http.StatusOK, views.Login{Next: local(r.URL.Query().Get("next"))})
}

func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	typed := views.Login{Email: r.PostForm.Get("email"), Next: local(r.Form.Get("next"))}
	a, err := s.Accounts.SignIn(r.Context(), typed.Email, r.PostForm.Get("password"))
	switch {
	case errors.Is(err, account.ErrWrong):
		typed.Problem = s.words(r).T("login.wrong")
		return s.showLogin(w, r, http.StatusUnprocessableEntity, typed)
	case errors.Is(err, account.ErrTooMany):
		w.Header().Set("Retry-After", "60")
		typed.Problem = s.words(r).T("login.too_many")
		return s.showLogin(w, r, http.StatusTooManyRequests, typed)
	case err != nil:
		return err
	}
	return s.enter(w, r, a, typed.Next)
}

func (s *Server) showLogin(w http.ResponseWriter, r *http.Request, status int, typed views.Login) error {
	site := s.site(r)
	site.Here = views.LoginPath(typed.Next)
	return s.render(w, r, status, views.LoginPage(site, typed), views.LoginForm(site, typed))
}

func (s *Server) signupForm(w http.ResponseWriter, r *http.Request) error {
	return s.showSignup(w, r, http.StatusOK, views.Signup{Next: local(r.URL.Query().Get("next"))})
}

func (s *Server) signup(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	typed := views.Signup{Email: r.PostForm.Get("email"), Next: local(r.Form.Get("next"))}
	a, err := s.Accounts.Add(r.Context(), typed.Email, r.PostForm.Get("password"), account.Customer)
	switch {
	case errors.Is(err, account.ErrEmail):
		typed.EmailProblem = s.words(r).T("signup.email_wrong")
	case errors.Is(err, account.ErrTaken):
		typed.EmailProblem = s.words(r).T("signup.email_taken")
	case errors.Is(err, account.ErrPassword):
		typed.PasswordProblem = s.words(r).T("signup.password_wrong")
	case err != nil:
		return err
	default:
		return s.enter(w, r, a, typed.Next)
	}
	return s.showSignup(w, r, http.StatusUnprocessableEntity, typed)
}

func (s *Server) showSignup(w http.ResponseWriter, r *http.Request, status int, typed views.Signup) error {
	site := s.site(r)
	site.Here = views.SignupPath(typed.Next)
	return s.render(w, r, status, views.SignupPage(site, typed), views.SignupForm(site, typed))
}

// enter begins a session and goes to where the visitor was going, or to where their work is.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, a account.Account, next string) error {
	if err := s.Sessions.SignIn(w, r, a); err != nil {
		return err
	}
	if next == "" || !mayOpen(a, next) || strings.HasPrefix(next, views.EventsPath) {
		next = homeOf(a)
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// mayOpen reports whether a page is for somebody like this one: nobody is led to where they may not go.
func mayOpen(a account.Account, page string) bool {
	switch {
	case strings.HasPrefix(page, views.ReviewPath(views.Filter{})):
		return a.Role.Reviews()
	case strings.HasPrefix(page, views.RulesPath(views.Filter{})):
		return admins(a.Role)
	case strings.HasPrefix(page, views.TicketsPath):
		return customers(a.Role)
	}
	return true
}

func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	if err := s.Sessions.SignOut(w, r); err != nil {
		return err
	}
	http.Redirect(w, r, views.LoginPath(""), http.StatusSeeOther)
	return nil
}

// local is next if it is an address of this site, else empty: nobody is sent elsewhere by a link that they trust.
func local(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") ||
		strings.ContainsAny(next, "\\\r\n\t") {
		return ""
	}
	return next
}
