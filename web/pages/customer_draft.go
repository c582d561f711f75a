package pages

import (
	"net/http"
	"strings"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/form"
	"docket/views"
	"docket/web/request"
)

// SaveDraft keeps what a customer has filled in so far. The page does so by itself now and then; without a script the customer
// presses a button.
func (p *Pages) SaveDraft(w http.ResponseWriter, r *http.Request, sent sheet) error {
	if sent.values.Has("over") {
		if err := p.Files.Forget(r.Context(), request.UserID(r)); err != nil {
			return err
		}
		http.Redirect(w, r, views.NewTicketPath, http.StatusSeeOther)
		return nil
	}
	if sent.all && sent.values.Has("mends") {
		if err := p.widen(r, &sent); err != nil {
			return err
		}
	}
	if err := p.keepDraft(r, sent); err != nil {
		return err
	}
	if field, asked := p.Form.Field(sent.values.Text("remove")); asked && field.Type.Upload() {
		if err := p.Files.Detach(r.Context(), request.UserID(r), field.Name); err != nil {
			return err
		}
	}
	switch {
	case sent.unkept != nil:
		return sent.unkept
	case r.Header.Get(account.Background) != "":
		w.WriteHeader(http.StatusNoContent)
		return nil
	case len(sent.wrong) > 0:
		if err := p.carry(r, &sent); err != nil {
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

// typed reports whether more was sent than files.
func (p *Pages) typed(sent sheet) bool {
	for name := range sent.values {
		if field, asked := p.Form.Field(name); asked && !field.Type.Upload() {
			return true
		}
	}
	return false
}

// keepDraft keeps the answers that were asked for, as they were typed, and whether the whole form was asked.
func (p *Pages) keepDraft(r *http.Request, sent sheet) error {
	answers := form.Input{}
	for _, name := range p.Form.Names() {
		for _, text := range sent.values.Values(name) {
			text = plainText(text)
			if (sent.asked == nil || sent.asked[name]) && strings.TrimSpace(text) != "" {
				answers.Add(name, text)
			}
		}
	}
	if sent.all {
		answers.Set("all", "1")
	}
	return p.Files.Note(r.Context(), request.UserID(r), p.Form, files.Draft{SubmissionID: sent.submission, Answers: answers})
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
