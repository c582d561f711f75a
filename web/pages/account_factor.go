package pages

import (
	"errors"
	"net/http"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// FactorForm shows a new second factor, which is set when a code of it is sent.
func (p *Pages) FactorForm(w http.ResponseWriter, r *http.Request) error {
	return p.showNewFactor(w, r, http.StatusOK, views.FactorForm{Next: localPath(r.URL.Query().Get("next"))})
}

// SetFactor sets the second factor of one's own account, in place of the one that there is, and shows its recovery codes.
func (p *Pages) SetFactor(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	shown := views.FactorForm{Next: localPath(r.Form.Get("next"))}
	enrolment, err := p.Accounts.ReadEnrolment(request.Session(r), p.Form.Title, r.PostForm.Get("enrolment"))
	if errors.Is(err, account.ErrEnrolment) {
		shown.Problem.Summary = p.words(r).T("factor.too_old")
		return p.showNewFactor(w, r, http.StatusUnprocessableEntity, shown)
	}
	if err != nil {
		return err
	}
	codes, err := p.Accounts.SetFactor(r.Context(), p.client(r), request.Session(r), enrolment.Sealed, r.PostForm.Get("first_code"), proofOf(r))
	status := http.StatusUnprocessableEntity
	switch {
	case err == nil:
		if err := p.recordAccount(r, audit.FactorAdded, request.Session(r).Owner); err != nil {
			return err
		}
		return p.finishFactor(w, r, shown.Next, codes)
	case errors.Is(err, account.ErrFirstCode):
		shown.FirstCodeProblem = p.words(r).T("factor.first_code_wrong")
	default:
		shown.Problem, status, err = p.proofProblem(w, r, err)
		if err != nil {
			return err
		}
	}
	return p.showFactor(w, r, status, shown, enrolment)
}

// finishFactor shows the recovery codes of a second factor that was set. It is no redirect: they are shown once, and kept nowhere.
func (p *Pages) finishFactor(w http.ResponseWriter, r *http.Request, next string, codes []string) error {
	if request.Session(r).Stage == account.Complete {
		return p.showRecoveryCodes(w, r, views.RecoveryCodes{Codes: codes, Next: views.AccountDonePath(views.FactorSet)})
	}
	session, err := p.renewSession(w, r)
	if err != nil {
		return err
	}
	r = r.WithContext(request.WithSession(r.Context(), session))
	return p.showRecoveryCodes(w, r, views.RecoveryCodes{Codes: codes, Next: nextPage(session, next)})
}

// RemoveFactor turns the second factor of one's own account off, where the role need not have one.
func (p *Pages) RemoveFactor(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	session := request.Session(r)
	if p.Sessions.MustHaveFactor(session.Owner.Role) {
		return problem.ErrForbidden
	}
	if err := p.Accounts.RemoveFactor(r.Context(), p.client(r), session, proofOf(r)); err != nil {
		return p.refuseProof(w, r, err)
	}
	if err := p.recordAccount(r, audit.FactorRemoved, session.Owner); err != nil {
		return err
	}
	return p.leaveStage(w, r, "", views.FactorRemoved)
}

// RenewRecoveryCodes replaces the recovery codes of one's own account, and shows the new ones.
func (p *Pages) RenewRecoveryCodes(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	codes, err := p.Accounts.RenewRecoveryCodes(r.Context(), p.client(r), request.Session(r), proofOf(r))
	if err != nil {
		return p.refuseProof(w, r, err)
	}
	return p.showRecoveryCodes(w, r, views.RecoveryCodes{Codes: codes, Next: views.AccountDonePath(views.RecoveryCodesRenewed)})
}

// refuseProof shows one's own account again, with what is wrong with a password or a code.
func (p *Pages) refuseProof(w http.ResponseWriter, r *http.Request, err error) error {
	shown, status, err := p.proofProblem(w, r, err)
	if err != nil {
		return err
	}
	return p.showAccount(w, r, status, views.OwnAccount{Problem: shown})
}

// proofOf is the password and the code of a form.
func proofOf(r *http.Request) account.Proof {
	return account.Proof{Password: r.PostForm.Get("password"), Code: r.PostForm.Get("code")}
}

func (p *Pages) showNewFactor(w http.ResponseWriter, r *http.Request, status int, shown views.FactorForm) error {
	enrolment, err := p.Accounts.NewEnrolment(request.Session(r), p.Form.Title)
	if err != nil {
		return err
	}
	return p.showFactor(w, r, status, shown, enrolment)
}

func (p *Pages) showFactor(w http.ResponseWriter, r *http.Request, status int, shown views.FactorForm, enrolment account.Enrolment) error {
	session := request.Session(r)
	drawn, err := drawQR(enrolment.URL)
	if err != nil {
		return err
	}
	shown.Required, shown.Replaces = session.Stage == account.NeedsFactor, session.Factor
	shown.QR, shown.Secret, shown.Sealed = drawn, enrolment.Secret, enrolment.Sealed
	site := p.site(r)
	site.Here = views.FactorPath(shown.Next)
	return p.render(w, r, status, views.FactorPage(site, shown), views.FactorSection(site, shown))
}

func (p *Pages) showRecoveryCodes(w http.ResponseWriter, r *http.Request, shown views.RecoveryCodes) error {
	site := p.site(r)
	site.Here = views.AccountPath
	return p.render(w, r, http.StatusOK, views.RecoveryCodesPage(site, shown), views.RecoveryCodesSection(site, shown))
}
