package pages

import (
	"net/http"

	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// Upload keeps one file of the form, and answers with its field as it is now; removing is an upload of nothing.
func (p *Pages) Upload(w http.ResponseWriter, r *http.Request, sent sheet) error {
	field, asked := p.formFor(r).Field(r.PathValue("field"))
	if !asked || !field.Type.Upload() {
		return problem.ErrNoPage
	}
	if p.typed(sent) {
		if err := p.keepDraft(r, sent); err != nil {
			return err
		}
	}
	if sent.values.Has("remove") {
		if err := p.Files.Detach(r.Context(), request.UserID(r), field.Name); err != nil {
			return err
		}
		delete(sent.values, field.Name)
	}
	if sent.unkept != nil {
		return sent.unkept
	}
	shown, err := p.show(r, sent)
	if err != nil {
		return err
	}
	if !partial(r) && len(sent.wrong) == 0 {
		http.Redirect(w, r, views.NewTicketPath, http.StatusSeeOther)
		return nil
	}
	status, site := http.StatusOK, p.site(r)
	if len(sent.wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return p.render(w, r, status, views.TicketFormPage(site, shown), views.Upload(site, field, shown))
}
