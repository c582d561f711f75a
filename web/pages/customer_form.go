package pages

import (
	"context"
	"maps"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/views"
	"docket/web/intake"
	"docket/web/request"
)

// SubmissionHandler is a handler of what customers fill in.
type SubmissionHandler func(w http.ResponseWriter, r *http.Request, sent intake.FormInput) error

// Receive reads the form, or the part of it that is sent, for a handler. Files may take long to come, so the time that an
// answer may take counts from when all of it is there.
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
		if err := p.Intake.AttachFiles(r.Context(), sent); err != nil {
			return err
		}
		return h(w, r, sent)
	}
}

// show is the form as it was sent, for it to be shown again; a file that is not the user's, or not there any more, is
// left out.
func (p *Pages) show(r *http.Request, sent intake.FormInput) (views.Sheet, error) {
	shown := views.Sheet{SubmissionID: sent.SubmissionID, Values: maps.Clone(sent.Input), Invalid: map[string]string{}}
	shown.All, shown.Mends, shown.Asked = sent.WholeForm, sent.Previous, sent.Asked
	site := p.site(r)
	for name, refused := range sent.Refused {
		shown.Invalid[name] = views.Refused(site, string(refused))
	}
	return shown, p.showFiles(r, &shown)
}

// unseen is the form as it was sent when nobody can say what became of the files that it names: they are believed.
func (p *Pages) unseen(sent intake.FormInput) views.Sheet {
	shown := views.Sheet{SubmissionID: sent.SubmissionID, Values: maps.Clone(sent.Input), Files: map[string]views.File{}, All: sent.WholeForm}
	for _, name := range p.Form.Uploads() {
		field, _ := p.Form.Field(name)
		if id, err := uuid.Parse(shown.Values.Text(name)); err == nil {
			shown.Files[name] = views.File{ID: id, Picture: field.Type.Picture()}
		}
	}
	return shown
}

// showFiles finds the files that a sheet names.
func (p *Pages) showFiles(r *http.Request, shown *views.Sheet) error {
	names := p.Form.Uploads()
	ids := make([]uuid.UUID, 0, len(names))
	for _, name := range names {
		if id, err := uuid.Parse(shown.Values.Text(name)); err == nil {
			ids = append(ids, id)
		}
	}
	found, err := p.Files.Of(r.Context(), request.UserID(r), ids...)
	if err != nil {
		return err
	}
	shown.Files = map[string]views.File{}
	for _, name := range names {
		id, _ := uuid.Parse(shown.Values.Text(name))
		if file, ok := found[id]; ok && file.Field == name {
			shown.Files[name] = shownFile(file)
		} else {
			delete(shown.Values, name)
		}
	}
	return nil
}

func shownFile(file files.File) views.File {
	shown := views.File{ID: file.ID, Picture: file.Picture(), Size: file.Size}
	if shown.Picture {
		for _, warning := range file.Signals.Warnings() {
			shown.Warnings = append(shown.Warnings, string(warning))
		}
	}
	return shown
}
