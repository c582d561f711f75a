package pages

import (
	"net/http"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/views"
	"docket/web/intake"
	"docket/web/request"
)

// SaveDraft keeps what a customer has filled in so far. The page does so by itself now and then; without a script the customer
// presses a button.
func (p *Pages) SaveDraft(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error {
	if sent.Has("over") {
		if err := p.Files.Forget(r.Context(), request.UserID(r)); err != nil {
			return err
		}
		http.Redirect(w, r, views.NewTicketPath, http.StatusSeeOther)
		return nil
	}
	if sent.WholeForm && sent.Has("mends") {
		if err := p.Intake.ShowWholeForm(r.Context(), &sent); err != nil {
			return err
		}
	}
	if err := p.Intake.SaveDraft(r.Context(), sent); err != nil {
		return err
	}
	if field, asked := p.Form.Field(sent.Text("remove")); asked && field.Type.Upload() {
		if err := p.Files.Detach(r.Context(), request.UserID(r), field.Name); err != nil {
			return err
		}
	}
	switch {
	case sent.FileErr != nil:
		return sent.FileErr
	case r.Header.Get(account.Background) != "":
		w.WriteHeader(http.StatusNoContent)
		return nil
	case len(sent.Refused) > 0:
		if err := p.Intake.Resubmit(r.Context(), &sent); err != nil {
			return err
		}
		shown, err := p.show(r, sent)
		if err != nil {
			return err
		}
		return p.showForm(w, r, http.StatusUnprocessableEntity, shown)
	}
	http.Redirect(w, r, views.NewTicketPath, http.StatusSeeOther)
	return nil
}

// drafted is the form as its user left it; nothing is filled in when they left none.
func (p *Pages) drafted(r *http.Request) (views.Sheet, error) {
	draft, err := p.Files.Draft(r.Context(), request.UserID(r))
	if err != nil {
		return views.Sheet{}, err
	}
	if len(draft.Answers) == 0 {
		return views.Sheet{SubmissionID: uuid.NewString()}, nil
	}
	all := draft.Answers.Has("all")
	delete(draft.Answers, "all")
	return views.Sheet{SubmissionID: draft.SubmissionID, Values: draft.Answers, Kept: true, All: all}, nil
}
