package pages

import (
	"encoding/json"
	"errors"
	"net/http"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/openid"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// EndAtProvider ends the sessions that a logout token of the provider names. The provider sends it by itself, not by a browser.
func (p *Pages) EndAtProvider(w http.ResponseWriter, r *http.Request) error {
	if p.Provider == nil {
		return problem.ErrNoPage
	}
	if err := request.LimitBody(w, r, request.MaxAnonymousBytes); err != nil {
		return err
	}
	if err := request.ParseForm(r); err != nil {
		return err
	}
	ended, err := p.Provider.CheckLogout(r.Context(), r.PostForm.Get("logout_token"))
	switch {
	case errors.Is(err, openid.ErrToken):
		p.Log.Warn("a logout token was refused", "request_id", request.RecordOf(r.Context()).ID, "error", err)
		return refuseLogoutToken(w)
	case errors.Is(err, openid.ErrAway):
		w.Header().Set("Retry-After", "15")
		w.WriteHeader(http.StatusServiceUnavailable)
		return nil
	case err != nil:
		return err
	}
	counts, err := p.Sessions.EndAtProvider(r.Context(), ended.Issuer, ended.Subject, ended.Session, ended.Until)
	if err != nil {
		return err
	}
	for id, count := range counts {
		entry := request.NewEntry(r, audit.SessionsEnded, audit.AccountObject(id))
		entry.Actor, entry.Count = audit.Provider, count
		if err := p.Audit.Record(r.Context(), entry); err != nil {
			return err
		}
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// refuseLogoutToken answers as OpenID Connect Back-Channel Logout says.
func refuseLogoutToken(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	return json.NewEncoder(w).Encode(map[string]string{"error": "invalid_request", "error_description": "the logout token is not valid"})
}

// signOutAddress is where the session of a request is signed out at the provider; empty: nowhere.
func (p *Pages) signOutAddress(r *http.Request) (string, error) {
	session := request.Session(r)
	if p.Provider == nil || !session.Provider {
		return "", nil
	}
	token, err := p.Sessions.IDToken(r.Context(), session)
	if err != nil {
		return "", err
	}
	return p.Provider.SignOutAddress(token, views.LoginPath("")), nil
}

// showSigningOut leads to the provider, which signs out, too. It is no redirect: browsers let a form lead to this site alone.
func (p *Pages) showSigningOut(w http.ResponseWriter, r *http.Request, address string) error {
	r = r.WithContext(request.WithSession(r.Context(), account.Session{}))
	w.Header().Set("Refresh", "0; url="+address)
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.SigningOutPage(site, address), views.SigningOutNote(site, address))
}
