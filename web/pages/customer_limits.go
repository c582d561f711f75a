package pages

import (
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/form"
	"docket/views"
	"docket/web/intake"
	"docket/web/problem"
	"docket/web/request"
)

// isDraftRefused reports whether a draft was not saved because it is too long, or was saved too often today.
func isDraftRefused(err error) bool {
	_, tooLong := errors.AsType[form.Invalid](err)
	return tooLong || errors.Is(err, files.ErrTooManyDrafts)
}

// showDraftRefused says why a draft was not saved: above the page when its script has sent it, else with the form.
func (p *Pages) showDraftRefused(w http.ResponseWriter, r *http.Request, sent intake.FormInput, err error) error {
	wrong, tooLong := errors.AsType[form.Invalid](err)
	if r.Header.Get(account.Background) != "" {
		return p.showDraftNote(w, r, wrong, err)
	}
	if err := p.Intake.Resubmit(r.Context(), &sent); err != nil {
		return err
	}
	view, failed := p.formView(r, sent)
	switch {
	case failed != nil:
		return failed
	case !tooLong:
		return p.showLimited(w, r, view, err)
	}
	maps.Copy(view.Invalid, fieldMessages(wrong))
	return p.showForm(w, r, http.StatusUnprocessableEntity, view)
}

// showDraftNote answers the script of a page, which puts it above the page.
func (p *Pages) showDraftNote(w http.ResponseWriter, r *http.Request, wrong form.Invalid, err error) error {
	status, site, why := http.StatusUnprocessableEntity, p.site(r), ""
	for field := range site.Form.Inputs() {
		if found, is := wrong[field.Name]; is {
			why += field.Label + ": " + found.Message + " "
		}
	}
	if len(wrong) == 0 {
		status, why = p.noteLimit(w, r, err)
	}
	w.Header().Set("HX-Retarget", "#notice")
	part := views.FormProblem(site.T("draft.refused", "Reason", strings.TrimSpace(why)))
	return p.render(w, r, status, part, part)
}

// showLimited shows the form again when its user has reached a limit of the day.
func (p *Pages) showLimited(w http.ResponseWriter, r *http.Request, view views.FormView, err error) error {
	var status int
	status, view.Problem = p.noteLimit(w, r, err)
	return p.showForm(w, r, status, view)
}

// noteLimit notes for the log and the headers that a limit is reached, such as of tries to sign in, and returns the status and the words for it.
func (p *Pages) noteLimit(w http.ResponseWriter, r *http.Request, err error) (status int, words string) {
	found := problem.Of(err)
	request.RecordOf(r.Context()).Code = string(found.Code)
	w.Header().Set("Retry-After", strconv.Itoa(found.Retry))
	return found.Status, found.Detail(p.words(r), err)
}
