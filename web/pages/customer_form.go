package pages

import (
	"context"
	"maps"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/views"
	"docket/web/intake"
	"docket/web/request"
)

// SubmissionHandler handles a form that a customer sent.
type SubmissionHandler func(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error

// Receive reads the form, or a part of it, for a handler. Files may take long to arrive, so the time limit of the answer begins
// when everything has been read.
func (p *Pages) Receive(h SubmissionHandler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		r.Body = request.PaceBody(w, r.Body)
		sent, err := p.Intake.Read(r)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), request.Timeout)
		defer cancel()
		r = r.WithContext(ctx)
		if err := request.CheckAccount(r, sent.Text(form.AccountInput), sent.Input); err != nil {
			return err
		}
		delete(sent.Input, form.AccountInput)
		if err := p.Intake.AttachFiles(r.Context(), sent); err != nil {
			return err
		}
		return h(w, r, sent)
	}
}

// formView is the form as it was sent, to be shown again. It leaves out files that are not the user's or do not exist any more.
func (p *Pages) formView(r *http.Request, sent intake.FormInput) (views.FormView, error) {
	shown := views.FormView{SubmissionID: sent.SubmissionID, Values: maps.Clone(sent.Input), Invalid: map[string]string{}}
	shown.WholeForm, shown.Previous, shown.Asked = sent.WholeForm, sent.Previous, sent.Asked
	site := p.site(r)
	for name, refused := range sent.Refused {
		shown.Invalid[name] = views.RefusalText(site, string(refused))
	}
	err := p.addFiles(r, &shown)
	p.divideSent(r, &shown, sent)
	shown.Baseline = p.sentBaseline(sent, shown)
	return shown, err
}

// sentBaseline is the baseline that a page sent; of a page that has none, what it shows now.
func (p *Pages) sentBaseline(sent intake.FormInput, shown views.FormView) string {
	if sent.Has("draft-base") {
		return sent.Baseline.String()
	}
	return p.baseline(1, shown)
}

// uncheckedFormView is the form as it was sent when its files cannot be looked up: it shows all that are named.
func (p *Pages) uncheckedFormView(r *http.Request, sent intake.FormInput) views.FormView {
	shown := views.FormView{SubmissionID: sent.SubmissionID, Values: maps.Clone(sent.Input), Files: map[string][]views.File{}, WholeForm: sent.WholeForm}
	for _, name := range p.Form.Uploads() {
		field, _ := p.Form.Field(name)
		for _, id := range fileIDs(shown.Values.Values(name)) {
			shown.Files[name] = append(shown.Files[name], views.File{ID: id, Picture: field.Type.Picture()})
		}
	}
	p.divideSent(r, &shown, sent)
	shown.Baseline = p.sentBaseline(sent, shown)
	return shown
}

// addFiles adds the files that the values of a view name. Values that name none are removed.
func (p *Pages) addFiles(r *http.Request, shown *views.FormView) error {
	names := p.Form.Uploads()
	var ids []uuid.UUID
	for _, name := range names {
		ids = append(ids, fileIDs(shown.Values.Values(name))...)
	}
	found, err := p.Files.OfUser(r.Context(), request.UserID(r), ids...)
	if err != nil {
		return err
	}
	shown.Files = map[string][]views.File{}
	for _, name := range names {
		named := fileIDs(shown.Values.Values(name))
		delete(shown.Values, name)
		for _, id := range named {
			if file, ok := found[id]; ok && file.Field == form.InAnyRow(name) {
				shown.Files[name] = append(shown.Files[name], p.fileView(file))
				shown.Values.Add(name, id.String())
			}
		}
	}
	p.addFindings(r, shown)
	return nil
}

// fileIDs are those of some texts that can be ids of files.
func fileIDs(texts []string) (ids []uuid.UUID) {
	for _, text := range texts {
		if id, err := uuid.Parse(text); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func (p *Pages) fileView(file files.File) views.File {
	shown := views.File{ID: file.ID, Picture: file.Picture(), Size: file.Size, Width: file.Signals.Width, Height: file.Signals.Height, Reading: file.Reading}
	if shown.Picture {
		shown.Warnings = convertTexts[string](file.Signals.Warnings())
		field, _ := p.Form.Field(file.Field)
		if warning := views.FaceWarning(field, file.Reading); warning != "" {
			shown.Warnings = append(shown.Warnings, warning)
		}
	}
	return shown
}
