package pages

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"docket/views"
	"docket/web/intake"
	"docket/web/problem"
)

// Upload saves one file of the form, or removes it, and answers with its field as it is now.
func (p *Pages) Upload(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error {
	if _, asked := p.Intake.UploadInput(r.PathValue("field")); !asked {
		return problem.ErrNoPage
	}
	field, _ := p.formFor(r).Field(r.PathValue("field"))
	if err := p.Intake.CheckSingle(sent); err != nil {
		return err
	}
	p.Intake.DropOtherSteps(&sent)
	if err := p.storeUpload(r, sent); err != nil {
		return err
	}
	if err := p.Intake.CompleteStep(r, &sent); err != nil {
		return err
	}
	shown, err := p.formView(r, sent)
	if err != nil {
		return err
	}
	if err := p.Intake.Resubmit(r.Context(), &sent); err == nil {
		shown.Unchanged, _ = p.sameAnswers(r.Context(), sent) // it is said again before the form is sent
	}
	if !isFragment(r) && len(sent.Refused) == 0 {
		http.Redirect(w, r, p.formAddress(r, sent), http.StatusSeeOther)
		return nil
	}
	status, site := http.StatusOK, p.site(r)
	if len(sent.Refused) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return p.render(w, r, status, views.TicketFormPage(site, shown), views.UploadField(site, field, shown))
}

// storeUpload saves in the draft what came with the file of a field, or removes that file. The file itself is saved by now.
func (p *Pages) storeUpload(r *http.Request, sent intake.FormInput) error {
	ctx := r.Context()
	if p.Intake.HasText(sent) {
		if _, err := p.Intake.SaveDraft(ctx, sent, p.words(r).Tag()); err != nil && !isDraftRefused(err) { // the file is saved without the text
			return err
		}
	}
	if sent.Has("remove") {
		if err := p.removeUpload(ctx, &sent); err != nil {
			return err
		}
	}
	return sent.FileErr
}

// removeUpload takes a file out of the draft, and out of what was sent: "remove" is the field that it is for and, where that takes several,
// behind a slash its id.
func (p *Pages) removeUpload(ctx context.Context, sent *intake.FormInput) error {
	name, id, _ := strings.Cut(sent.Text("remove"), "/")
	field, asked := p.Form.Field(name)
	switch {
	case !asked || !field.Type.Upload():
		return nil
	case field.Type.Several():
		sent.Input[name] = slices.DeleteFunc(slices.Clone(sent.Values(name)), func(text string) bool { return text == id })
		return p.Files.RemoveFileFromDraft(ctx, sent.Draft(), name, id)
	}
	delete(sent.Input, name)
	return p.Files.RemoveFromDraft(ctx, sent.Draft(), name)
}
