package pages

import (
	"net/http"

	"docket/views"
	"docket/web/intake"
	"docket/web/problem"
	"docket/web/request"
)

// Upload keeps one file of the form, and answers with its field as it is now; removing is an upload of nothing.
func (p *Pages) Upload(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error {
	field, asked := p.formFor(r).Field(r.PathValue("field"))
	if !asked || !field.Type.Upload() {
		return problem.ErrNoPage
	}
	if p.Intake.HasText(sent) {
		if err := p.Intake.SaveDraft(r.Context(), sent); err != nil {
			return err
		}
	}
	if sent.Has("remove") {
		if err := p.Files.RemoveFromDraft(r.Context(), request.UserID(r), field.Name); err != nil {
			return err
		}
		delete(sent.Input, field.Name)
	}
	if sent.FileErr != nil {
		return sent.FileErr
	}
	shown, err := p.formView(r, sent)
	if err != nil {
		return err
	}
	if !isFragment(r) && len(sent.Refused) == 0 {
		http.Redirect(w, r, views.NewTicketPath, http.StatusSeeOther)
		return nil
	}
	status, site := http.StatusOK, p.site(r)
	if len(sent.Refused) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return p.render(w, r, status, views.TicketFormPage(site, shown), views.UploadField(site, field, shown))
}
