package pages

import (
	"cmp"
	"context"
	"net/http"

	"docket/internal/form"
	"docket/views"
	"docket/web/intake"
)

// changeRows adds or removes a row of a group, when that is what was pressed. An answer that is more than the group replaces the
// whole form.
func (p *Pages) changeRows(w http.ResponseWriter, sent *intake.FormInput) (group form.Field, added string, changed bool) {
	group, added, changed = p.Intake.ChangeRows(sent)
	if changed {
		w.Header().Set("HX-Retarget", "#ticket-form")
	}
	return group, added, changed
}

// showRows shows a group after one of its rows was added or removed: alone to the script of the page, else with the form.
func (p *Pages) showRows(w http.ResponseWriter, r *http.Request, sent intake.FormInput, saved intake.Saved, group form.Field, added string) error {
	if !isFragment(r) {
		http.Redirect(w, r, p.formAddress(r, sent)+"#"+views.InputID(cmp.Or(added, group.Name)), http.StatusSeeOther)
		return nil
	}
	if err := p.Intake.Resubmit(r.Context(), &sent); err != nil {
		return err
	}
	view, err := p.formView(r, sent)
	if err != nil {
		return err
	}
	p.addConflicts(r, sent, &view, saved)
	w.Header().Del("HX-Retarget")
	site := p.site(r)
	shown, _ := site.Form.Field(group.Name)
	return p.render(w, r, http.StatusOK, views.TicketFormPage(site, view), views.GroupChanged(site, shown, view, added))
}

// removeRowFiles takes the files of a row that was removed out of the draft.
func (p *Pages) removeRowFiles(ctx context.Context, sent intake.FormInput) error {
	for field := range p.Form.Inputs() {
		if row := form.RowName(field.Cell.Group, field.Cell.Slot); field.Cell.Group != "" && field.Type.Upload() && row == sent.Text(form.RemoveRow) {
			if err := p.Files.RemoveFromDraft(ctx, sent.Draft(), field.Name); err != nil {
				return err
			}
		}
	}
	return nil
}
