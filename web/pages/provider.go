package pages

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/openid"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

const flowCookie = "docket_provider" // what a browser keeps of a sign-in at the provider

// BeginAtProvider redirects to the provider, where somebody signs in.
func (p *Pages) BeginAtProvider(w http.ResponseWriter, r *http.Request) error {
	if p.Provider == nil {
		return problem.ErrNoPage
	}
	next := localPath(r.URL.Query().Get("next"))
	address, kept, err := p.Provider.Begin(next, r.URL.Query().Has("again"))
	if err != nil {
		return p.refuseFromProvider(w, r, next, err)
	}
	http.SetCookie(w, p.Cookies.New(flowCookie, kept, int(openid.FlowAge.Seconds())))
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// FinishAtProvider signs in somebody who comes back from the provider.
func (p *Pages) FinishAtProvider(w http.ResponseWriter, r *http.Request) error {
	if p.Provider == nil {
		return problem.ErrNoPage
	}
	answer, err := p.Provider.Finish(r.Context(), r.URL.Query(), p.Cookies.Value(r, flowCookie))
	http.SetCookie(w, p.Cookies.New(flowCookie, "", -1))
	if errors.Is(err, openid.ErrFlow) && request.Account(r) != (account.Account{}) { // the address was loaded again
		http.Redirect(w, r, nextPage(request.Session(r), ""), http.StatusSeeOther)
		return nil
	}
	who := answer.Person
	if err != nil {
		return p.recordRefusal(w, r, uuid.Nil, answer.Next, err)
	}
	found, former, err := p.Accounts.SignInAtProvider(r.Context(), account.ProviderIdentity{
		Issuer: who.Issuer, Subject: who.Subject, Email: who.Email, Role: account.Role(who.Role), Teams: who.Teams, UserID: who.UserID,
	})
	if err != nil {
		return p.recordRefusal(w, r, found.ID, answer.Next, err)
	}
	if err := p.Accounts.SetAttributesAtProvider(r.Context(), who.Issuer, who.Subject, who.Attributes); err != nil {
		return err
	}
	if err := p.recordProviderChange(r, found, former); err != nil {
		return err
	}
	if err := p.notifySignIn(r, found); err != nil {
		return err
	}
	session, err := p.Sessions.SignInAtProvider(w, r, found, account.ProviderSession{Name: who.Session, IDToken: who.IDToken, Confirmed: who.Confirmed})
	if err != nil {
		return err
	}
	return p.leadOn(w, r, session, answer.Next)
}

// providerProblems are why the provider, or docket after it, lets nobody in: the status, and which text the page says.
var providerProblems = []struct {
	cause  error
	status int
	text   string
}{
	{openid.ErrAway, http.StatusServiceUnavailable, "provider.away"},
	{openid.ErrFlow, http.StatusUnprocessableEntity, "provider.flow"},
	{openid.ErrRefused, http.StatusUnprocessableEntity, "provider.refused"},
	{openid.ErrToken, http.StatusUnprocessableEntity, "provider.invalid"},
	{openid.ErrEmail, http.StatusForbidden, "provider.no_email"},
	{openid.ErrUser, http.StatusForbidden, "provider.no_user"},
	{account.ErrEmail, http.StatusForbidden, "provider.no_email"},
	{account.ErrNoAccess, http.StatusForbidden, "provider.no_access"},
	{account.ErrDisabled, http.StatusForbidden, "login.disabled"},
	{account.ErrEmailTaken, http.StatusForbidden, "provider.email_taken"},
	{account.ErrUserTaken, http.StatusForbidden, "provider.user_taken"},
}

// refuseFromProvider shows the sign-in page again, and says why; another error is returned.
func (p *Pages) refuseFromProvider(w http.ResponseWriter, r *http.Request, next string, cause error) error {
	for _, known := range providerProblems {
		if !errors.Is(cause, known.cause) {
			continue
		}
		p.Log.Warn("a sign-in at the provider failed", "request_id", request.RecordOf(r.Context()).ID, "error", cause)
		if known.status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", "15")
		}
		return p.showLogin(w, r, known.status, views.Login{Next: next, Problem: p.words(r).T(known.text, "Name", p.providerTitle())})
	}
	return cause
}

// recordRefusal records a sign-in at the provider that was refused, and says why; the zero id is of nobody that is known.
func (p *Pages) recordRefusal(w http.ResponseWriter, r *http.Request, id uuid.UUID, next string, cause error) error {
	failed, record := request.NewEntry(r, audit.SignInFailed, ""), p.Audit.RecordRepeated
	failed.Actor = audit.Anonymous
	if id != uuid.Nil {
		failed.Object, record = audit.AccountObject(id), p.Audit.Record
	}
	if err := record(r.Context(), failed); err != nil {
		return err
	}
	return p.refuseFromProvider(w, r, next, cause)
}

// recordProviderChange records that the provider has added an account, or given it another role than the former.
func (p *Pages) recordProviderChange(r *http.Request, a account.Account, former account.Role) error {
	action := audit.RoleChanged
	switch former {
	case a.Role:
		return nil
	case "":
		action = audit.AccountAdded
	}
	entry := request.NewEntry(r, action, audit.AccountObject(a.ID))
	entry.Actor = audit.Provider
	return p.Audit.Record(r.Context(), entry)
}

// providerTitle is the name of the provider; empty: there is none.
func (p *Pages) providerTitle() string {
	if p.Provider == nil {
		return ""
	}
	return p.Provider.Title()
}

// signInWays says how people sign in, for pages.
func (p *Pages) signInWays() views.SignInWays {
	return views.SignInWays{
		Provider: p.providerTitle(), Away: p.Provider != nil && !p.Provider.Ready(),
		NoLocal: p.Accounts.Local == account.LocalNone, StaffAway: p.Accounts.Local == account.LocalCustomers,
	}
}
