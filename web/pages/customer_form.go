package pages

import (
	"context"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// MaxParts is how many parts a multipart body has at most.
const MaxParts = 1000

// sheet is the form as a customer sent it. Files are kept by now, and stand in values by their ids.
type sheet struct {
	submission string // names it, and its draft
	values     form.Input
	all        bool // the whole form was shown, where only a part of it was to be mended
	mends      *ticket.Ticket
	asked      map[string]bool // nil: everything is
	kept       []files.File
	wrong      map[string]files.Refusal // why a field's file was refused
	unkept     error                    // why a file could not be kept, through no fault of its own
}

// SubmissionHandler is a handler of what customers fill in.
type SubmissionHandler func(w http.ResponseWriter, r *http.Request, sent sheet) error

// Receive reads the form, or the part of it that is sent, for a handler. Files may take long to come, so the time that an
// answer may take counts from when all of it is there.
func (p *Pages) Receive(h SubmissionHandler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		r.Body = request.PaceBody(w, r.Body)
		sent, err := p.readSheet(r)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), request.Timeout)
		defer cancel()
		r = r.WithContext(ctx)
		if err := p.attach(r, sent); err != nil {
			return err
		}
		return h(w, r, sent)
	}
}

// MaxFormBytes is how long the form may be with all of its files.
func (p *Pages) MaxFormBytes() int64 {
	return request.MaxFormBytes + int64(len(p.Form.Uploads()))*(files.Most+1)
}

// attach puts the files that came into the user's draft, so that they are there whatever becomes of the rest.
func (p *Pages) attach(r *http.Request, sent sheet) error {
	for _, file := range sent.kept {
		if err := p.Files.Attach(r.Context(), sent.submission, file); err != nil {
			return err
		}
	}
	return nil
}

// readSheet reads the form in either of the two encodings that pages use, and keeps its files as they come.
func (p *Pages) readSheet(r *http.Request) (sheet, error) {
	sent := sheet{values: form.Input{}, wrong: map[string]files.Refusal{}}
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err == nil && kind == "multipart/form-data" {
		if err := p.readParts(r, parameters["boundary"], &sent); err != nil {
			return sent, err
		}
	} else {
		r.Body = http.MaxBytesReader(nil, r.Body, request.MaxFormBytes) // without files there is no need for more
		if err := request.ParseForm(r); err != nil {
			return sent, err
		}
		sent.values = form.Input(r.PostForm)
	}
	for _, file := range sent.kept {
		sent.values[file.Field] = []string{file.ID.String()}
	}
	id, err := uuid.Parse(sent.values.Text("submission_id"))
	if err != nil {
		id = uuid.New()
	}
	sent.submission, sent.all = id.String(), sent.values.Has("all")
	return sent, nil
}

// readParts reads a multipart body part by part: no more of it is in memory than one file.
func (p *Pages) readParts(r *http.Request, boundary string, sent *sheet) error {
	reader, room := multipart.NewReader(r.Body, boundary), int64(request.MaxFormBytes)
	for range MaxParts {
		part, err := reader.NextPart()
		if err == io.EOF { // and not one that is wrapped, which says that the end is missing
			return nil
		}
		if err != nil {
			return request.ReadError(err)
		}
		if err := p.readPart(r, part, sent, &room); err != nil {
			return request.ReadError(err)
		}
	}
	return problem.ErrMalformed
}

func (p *Pages) readPart(r *http.Request, part *multipart.Part, sent *sheet, room *int64) error {
	name := part.FormName()
	_, parameters, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition")) // FormName read it, too
	chosen, isFile := parameters["filename"]
	if !isFile {
		text, err := io.ReadAll(io.LimitReader(part, *room+1))
		if *room -= int64(len(text)); *room < 0 {
			return &http.MaxBytesError{Limit: request.MaxFormBytes}
		}
		sent.values[name] = append(sent.values[name], string(text))
		return err
	}
	field, asked := p.Form.Field(name)
	if chosen == "" || !asked || !field.Type.Upload() {
		return nil
	}
	return p.readFile(r, part, field, sent)
}

// readFile keeps a file. That it cannot be kept is no reason to lose the rest of the form.
func (p *Pages) readFile(r *http.Request, part io.Reader, field form.Field, sent *sheet) error {
	body := &request.UploadBody{Reader: part}
	file, err := p.Files.Keep(r.Context(), files.Upload{
		UserID: request.UserID(r), Field: field, By: ticket.User(request.UserID(r)), Body: body, Size: r.ContentLength,
	})
	refused, isRefused := errors.AsType[files.Refusal](err)
	switch {
	case body.Err != nil:
		return body.Err
	case isRefused:
		sent.wrong[field.Name] = refused
	case err != nil:
		sent.unkept = err
	default:
		sent.kept = append(sent.kept, file)
	}
	return nil
}

// show is the form as it was sent, for it to be shown again; a file that is not the user's, or not there any more, is
// left out.
func (p *Pages) show(r *http.Request, sent sheet) (views.Sheet, error) {
	shown := views.Sheet{SubmissionID: sent.submission, Values: maps.Clone(sent.values), Invalid: map[string]string{}}
	shown.All, shown.Mends, shown.Asked = sent.all, sent.mends, sent.asked
	site := p.site(r)
	for name, refused := range sent.wrong {
		shown.Invalid[name] = views.Refused(site, string(refused))
	}
	return shown, p.showFiles(r, &shown)
}

// unseen is the form as it was sent when nobody can say what became of the files that it names: they are believed.
func (p *Pages) unseen(sent sheet) views.Sheet {
	shown := views.Sheet{SubmissionID: sent.submission, Values: maps.Clone(sent.values), Files: map[string]views.File{}, All: sent.all}
	for _, name := range p.Form.Uploads() {
		field, _ := p.Form.Field(name)
		if id, err := uuid.Parse(shown.Values.Text(name)); err == nil {
			shown.Files[name] = views.File{ID: id, Picture: field.Type == form.Image}
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

// plainText is typed text as a draft keeps it: PostgreSQL knows no NUL.
func plainText(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}
