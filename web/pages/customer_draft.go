package pages

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/views"
	"docket/web/intake"
	"docket/web/request"
)

// SaveDraft saves what a customer has filled in so far. The script of the page does so by itself; without it the customer presses
// a button.
func (p *Pages) SaveDraft(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error {
	if sent.Has("over") {
		return p.startOver(w, r)
	}
	if err := p.Intake.CheckSingle(sent); err != nil {
		return err
	}
	p.Intake.DropOtherSteps(&sent) // but not what is taken for them
	if sent.Has(intake.TakeRead) {
		if err := p.Intake.Take(r.Context(), &sent); err != nil {
			return err
		}
	}
	group, row, changed := p.changeRows(w, &sent)
	saved, err := p.storeDraft(r, &sent)
	if err := p.Intake.CompleteStep(r, &sent); err != nil {
		return err
	}
	switch {
	case isDraftRefused(err):
		return p.showDraftRefused(w, r, sent, err)
	case err != nil:
		return err
	case sent.FileErr != nil:
		return sent.FileErr
	case r.Header.Get(account.Background) != "":
		return p.showSaved(w, r, sent, saved)
	case len(sent.Refused)+len(saved.Conflicts) > 0:
		return p.showUnfinished(w, r, sent, saved)
	}
	if sent.Has(intake.StepGo) {
		return p.leaveStep(w, r, sent)
	}
	if changed {
		return p.showRows(w, r, sent, saved, group, row)
	}
	if sent.Has("link-phone") && sent.Visits() {
		return p.wantsPhone(w, r, sent)
	}
	http.Redirect(w, r, p.formAddress(r, sent), http.StatusSeeOther)
	return nil
}

// startOver deletes the draft and shows an empty form.
func (p *Pages) startOver(w http.ResponseWriter, r *http.Request) error {
	if err := p.Files.DeleteDraft(r.Context(), request.OwnerOf(r).Draft()); err != nil {
		return err
	}
	http.Redirect(w, r, p.link(r).Form(), http.StatusSeeOther)
	return nil
}

// storeDraft saves a draft, without the file that its user wants to remove. A draft of a resubmission whose user wants the whole
// form becomes one of the whole form.
func (p *Pages) storeDraft(r *http.Request, sent *intake.FormInput) (intake.Saved, error) {
	ctx := r.Context()
	if sent.WholeForm && sent.Has("mends") {
		if err := p.Intake.ShowWholeForm(ctx, sent); err != nil {
			return intake.Saved{}, err
		}
	}
	saved, err := p.Intake.SaveDraft(ctx, *sent, p.words(r).Tag())
	if err != nil {
		return saved, err
	}
	if err := p.removeRowFiles(ctx, *sent); err != nil {
		return saved, err
	}
	return saved, p.removeUpload(ctx, sent)
}

// showSaved answers the script of a page with what the page shows from now on: 409 when another page has changed the same.
func (p *Pages) showSaved(w http.ResponseWriter, r *http.Request, sent intake.FormInput, saved intake.Saved) error {
	if !sent.Has("draft-base") { // a page of the release before
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	status := http.StatusOK
	if len(saved.Conflicts) > 0 {
		status = http.StatusConflict
	}
	view := views.FormView{Values: sent.Input, Baseline: saved.Baseline.String(), Conflicts: saved.Conflicts}
	if sent.Text(intake.InvalidInput) != "" {
		if err := p.Intake.Resubmit(r.Context(), &sent); err != nil {
			return err
		}
		view.Shown, view.Invalid = strings.Fields(sent.Text(intake.InvalidInput)), p.wrongAnswers(r, sent.Input)
	}
	part := views.DraftSaved(p.site(r), view)
	return p.render(w, r, status, part, part)
}

// showUnfinished shows the form again, with why files of it were refused and what another page has changed.
func (p *Pages) showUnfinished(w http.ResponseWriter, r *http.Request, sent intake.FormInput, saved intake.Saved) error {
	if err := p.Intake.Resubmit(r.Context(), &sent); err != nil {
		return err
	}
	view, err := p.formView(r, sent)
	if err != nil {
		return err
	}
	p.addConflicts(r, sent, &view, saved)
	if len(sent.Refused) > 0 {
		return p.showForm(w, r, http.StatusUnprocessableEntity, view)
	}
	return p.showForm(w, r, http.StatusConflict, view)
}

// addConflicts adds to a view what another page has changed, and what this one shows from now on.
func (p *Pages) addConflicts(r *http.Request, sent intake.FormInput, view *views.FormView, saved intake.Saved) {
	if view.Conflicts = saved.Conflicts; len(view.Conflicts) > 0 {
		view.Problem = p.words(r).T("draft.conflict")
	}
	if sent.Has("draft-base") {
		view.Baseline = saved.Baseline.String()
	}
}

// baseline is that of a page which shows a view of a draft at a version.
func (p *Pages) baseline(version int64, view views.FormView) string {
	var shown []string
	for field := range p.Form.Inputs() {
		if view.Asks(field.Name) {
			shown = append(shown, field.Name)
		}
	}
	return intake.NewBaseline(version, shown, view.Values).String()
}

// draftView is the form as its user left it, and the version of that; empty when there is no draft.
func (p *Pages) draftView(r *http.Request) (views.FormView, int64, error) {
	owner := request.OwnerOf(r)
	draft, err := p.Files.Draft(r.Context(), owner.Draft())
	if err != nil {
		return views.FormView{}, 0, err
	}
	if len(draft.Answers) == 0 {
		return views.FormView{SubmissionID: cmp.Or(owner.SubmissionID(), uuid.NewString())}, 0, nil
	}
	all := draft.Answers.Has("all")
	delete(draft.Answers, "all")
	return views.FormView{SubmissionID: cmp.Or(owner.SubmissionID(), draft.SubmissionID), Values: draft.Answers, FromDraft: true, WholeForm: all}, draft.Version, nil
}
