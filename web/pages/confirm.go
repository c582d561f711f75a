package pages

import (
	"net/http"

	"docket/internal/audit"
	"docket/views"
	"docket/web/request"
)

// readConfirmation is what a form of an admin asks for besides: password and code, if those were not shown in the last ten minutes.
func readConfirmation(r *http.Request) views.Confirmation {
	session := request.Session(r)
	return views.Confirmation{Needed: !session.Confirmed, Code: session.Factor, Provider: session.Provider}
}

// confirmAgain checks the password and the code of a form, if the session is not confirmed. It returns what is wrong with them and
// the status of that; the status is zero when the admin may go on.
func (p *Pages) confirmAgain(w http.ResponseWriter, r *http.Request) (asked views.Confirmation, status int, err error) {
	asked = readConfirmation(r)
	if !asked.Needed {
		return asked, 0, nil
	}
	session := request.Session(r)
	if session.Provider { // the page leads there
		return asked, http.StatusUnprocessableEntity, nil
	}
	if r.PostForm.Get("password") == "" { // a page that was made before did not ask for it: no try
		return asked, http.StatusUnprocessableEntity, nil
	}
	if err = p.Accounts.ConfirmAgain(r.Context(), p.client(r), session, proofOf(r)); err == nil {
		if session.Factor {
			err = p.recordAccount(r, audit.FactorPassed, session.Owner)
		}
		return views.Confirmation{}, 0, err
	}
	asked.Problem, status, err = p.proofProblem(w, r, err)
	return asked, status, err
}

// askToConfirm is the answer of the database that the session is not confirmed, although it was a moment ago.
func (p *Pages) askToConfirm(r *http.Request) views.Confirmation {
	asked := readConfirmation(r)
	asked.Needed, asked.Problem.Summary = true, p.words(r).T("confirmation.too_late")
	return asked
}
