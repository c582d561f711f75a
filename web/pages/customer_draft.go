package pages

import (
	"context"
	"net/http"

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
	if err := p.storeDraft(r.Context(), &sent); err != nil {
		return err
	}
	switch {
	case sent.FileErr != nil:
		return sent.FileErr
	case r.Header.Get(account.Background) != "":
		w.WriteHeader(http.StatusNoContent)
		return nil
	case len(sent.Refused) > 0:
		return p.showRefusedFiles(w, r, sent)
	}
	http.Redirect(w, r, views.NewTicketPath, http.StatusSeeOther)
	return nil
}

// startOver deletes the draft and shows an empty form.
func (p *Pages) startOver(w http.ResponseWriter, r *http.Request) error {
	if err := p.Files.DeleteDraft(r.Context(), request.UserID(r)); err != nil {
		return err
	}
	http.Redirect(w, r, views.NewTicketPath, http.StatusSeeOther)
	return nil
}

// storeDraft saves a draft, without the file that its user wants to remove. A draft of a resubmission whose user wants the whole
// form becomes one of the whole form.
func (p *Pages) storeDraft(ctx context.Context, sent *intake.FormInput) error {
	if sent.WholeForm && sent.Has("mends") {
		if err := p.Intake.ShowWholeForm(ctx, sent); err != nil {
			return err
		}
	}
	if err := p.Intake.SaveDraft(ctx, *sent); err != nil {
		return err
	}
	if field, asked := p.Form.Field(sent.Text("remove")); asked && field.Type.Upload() {
		return p.Files.RemoveFromDraft(ctx, sent.UserID, field.Name)
	}
	return nil
}

// showRefusedFiles shows the form again, with why files of it were refused.
func (p *Pages) showRefusedFiles(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error {
	if err := p.Intake.Resubmit(r.Context(), &sent); err != nil {
		return err
	}
	view, err := p.formView(r, sent)
	if err != nil {
		return err
	}
	return p.showForm(w, r, http.StatusUnprocessableEntity, view)
}

// draftView is the form as its user left it; empty when there is no draft.
func (p *Pages) draftView(r *http.Request) (views.FormView, error) {
	draft, err := p.Files.Draft(r.Context(), request.UserID(r))
	if err != nil {
		return views.FormView{}, err
	}
	if len(draft.Answers) == 0 {
		return views.FormView{SubmissionID: uuid.NewString()}, nil
	}
	all := draft.Answers.Has("all")
	delete(draft.Answers, "all")
	return views.FormView{SubmissionID: draft.SubmissionID, Values: draft.Answers, FromDraft: true, WholeForm: all}, nil
}
