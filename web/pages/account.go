package pages

import (
	"encoding/hex"
	"errors"
	"net/http"
	"slices"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// OwnAccount shows one's own account.
func (p *Pages) OwnAccount(w http.ResponseWriter, r *http.Request) error {
	shown := views.OwnAccount{}
	if done := r.URL.Query().Get("done"); slices.Contains(views.AccountChanges, done) {
		shown.Done = done
	}
	return p.showAccount(w, r, http.StatusOK, shown)
}

// EndSession ends another session of one's own account.
func (p *Pages) EndSession(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	id := r.PostForm.Get("session")
	if _, err := hex.DecodeString(id); err != nil || id == "" {
		return problem.ErrPage
	}
	return p.endSessions(w, r, id, views.SessionEnded)
}

// EndOtherSessions ends every other session of one's own account.
func (p *Pages) EndOtherSessions(w http.ResponseWriter, r *http.Request) error {
	return p.endSessions(w, r, "", views.SessionsEnded)
}

func (p *Pages) endSessions(w http.ResponseWriter, r *http.Request, id, done string) error {
	session := request.Session(r)
	ended, err := p.Sessions.End(r.Context(), session, id)
	if err != nil {
		return err
	}
	if err := p.recordCount(r, audit.SessionsEnded, audit.AccountObject(session.Owner.ID), ended); err != nil {
		return err
	}
	return p.leaveStage(w, r, "", done)
}

func (p *Pages) showAccount(w http.ResponseWriter, r *http.Request, status int, shown views.OwnAccount) error {
	session := request.Session(r)
	shown.Provider = session.Provider
	factor, ok, err := p.Accounts.Factor(r.Context(), session.Owner)
	if err != nil {
		return err
	}
	listed, err := p.Sessions.List(r.Context(), session)
	if err != nil {
		return err
	}
	if shown.ZoneProblem == "" {
		shown.Zone = session.TimeZone
	}
	shown.Language = session.Language
	shown.FactorRequired = p.Sessions.MustHaveFactor(session.Owner.Role)
	if ok {
		shown.FactorSince, shown.RecoveryCodes = factor.Since, factor.RecoveryCodes
	}
	for _, each := range listed {
		shown.Sessions = append(shown.Sessions, views.OwnSession(each))
	}
	site := p.site(r)
	site.Here = views.AccountPath
	return p.render(w, r, status, views.AccountPage(site, shown), views.AccountSection(site, shown))
}

// leaveStage redirects after a change of one's own account: a session that was asked for the change gets a new token and goes to
// its next page, any other to the page of the account, which says what was done.
func (p *Pages) leaveStage(w http.ResponseWriter, r *http.Request, next, done string) error {
	if request.Session(r).Stage == account.Complete {
		http.Redirect(w, r, views.AccountDonePath(done), http.StatusSeeOther)
		return nil
	}
	session, err := p.renewSession(w, r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, nextPage(session, next), http.StatusSeeOther)
	return nil
}

// renewSession gives a session that has left a stage another token, and records the sign-in when it was the last one.
func (p *Pages) renewSession(w http.ResponseWriter, r *http.Request) (account.Session, error) {
	session, err := p.Sessions.Renew(w, r)
	if err != nil {
		return account.Session{}, err
	}
	return session, p.finishSignIn(w, r, session)
}

// proofProblem is where a password or a code is refused, as far as that is for a page to say; else the error is returned. A wrong
// code is recorded.
func (p *Pages) proofProblem(w http.ResponseWriter, r *http.Request, err error) (shown views.ProofProblem, status int, other error) {
	words := p.words(r)
	switch {
	case errors.Is(err, account.ErrWrongPassword), errors.Is(err, account.ErrPassword):
		shown.Password = words.T("password.old_wrong")
	case errors.Is(err, account.ErrWrongCode):
		if err := p.recordAccount(r, audit.FactorFailed, request.Session(r).Owner); err != nil {
			return shown, 0, err
		}
		shown.Code = words.T("factor.code_wrong")
	case errors.Is(err, account.ErrFactorKey):
		shown.Code = words.T("factor.unreadable")
	case errors.Is(err, account.ErrTooMany):
		status, shown.Summary = p.noteLimit(w, r, err)
		return shown, status, nil
	case errors.Is(err, account.ErrSignedOut), errors.Is(err, account.ErrDisabled):
		return shown, 0, problem.ErrSignIn
	default:
		return shown, 0, err
	}
	return shown, http.StatusUnprocessableEntity, nil
}
