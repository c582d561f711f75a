package api

import (
	"context"
	"errors"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/evidence"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// The media types of uploads, and of files as they are kept.
var (
	uploadTypes = []string{"image/jpeg", "image/png", "application/pdf"}
	storedTypes = []string{"image/jpeg", "application/pdf"}
)

// fileJSON is a file as the system sees it that has sent it.
type fileJSON struct {
	ID        string   `json:"id"`
	UserID    string   `json:"user_id"`
	Field     string   `json:"field"`
	MediaType string   `json:"media_type"`
	Size      int64    `json:"size"`
	Warnings  []string `json:"warnings"`

	Read  []readValueJSON `json:"read"`
	Faces *int            `json:"faces"`
}

// Upload keeps a file that another system sends for a field of a user's next ticket: the body is the file itself.
func (a *API) Upload(w http.ResponseWriter, r *http.Request, by account.Key) error {
	given, err := parseParameters(r, "user_id", "field")
	if err != nil {
		return err
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !isUploadType(kind) || request.CheckEncoding(r) != nil {
		return problem.WithDetail(problem.ErrMediaType, "Send the file itself as the body, with Content-Type: image/jpeg, image/png or application/pdf.")
	}
	field, known := a.Form.Field(given.Get("field"))
	known = known && slices.Contains(a.Form.UploadFields(), field.Name)
	var wrong problem.Invalid
	if user := given.Get("user_id"); user == "" || !request.ValidUserID(user) {
		wrong.Add("user_id", problem.FieldBadUserID, "A user id has 1 to 128 characters, and no control characters.")
	}
	if !known {
		wrong.Add("field", form.CodeUnknownField, "This form asks for no file under this name.")
	}
	if len(wrong) > 0 {
		return wrong.Sorted()
	}
	if err := request.LimitBody(w, r, files.MaxBytes+1); err != nil {
		return err
	}
	body := &request.UploadBody{Reader: request.PaceBody(w, r.Body)}
	file, err := a.Files.Add(r.Context(), files.Upload{
		UserID: given.Get("user_id"), Field: field, By: ticket.Key(by.Name), Body: body, Size: r.ContentLength,
	})
	refused, isRefused := errors.AsType[files.Refusal](err)
	switch {
	case body.Err != nil:
		return request.ReadError(body.Err)
	case refused == files.TooLarge: // a problem of its own, as of any body
		return &http.MaxBytesError{Limit: files.MaxBytes}
	case isRefused:
		return problem.Invalid{{Field: field.Name, Code: string(refused), Message: views.RefusalText(views.Site{}, string(refused))}}
	case err != nil:
		return err
	}
	request.RecordOf(r.Context()).File = file.ID.String()
	w.Header().Set("Location", "/api/v1/files/"+file.ID.String())
	return WriteJSON(w, http.StatusCreated, newFileJSON(a.Form, file))
}

// isUploadType reports whether a body of this type may be a file. What it is, its bytes decide: programs say image/jpg, or that they do not
// know.
func isUploadType(kind string) bool {
	return strings.HasPrefix(kind, "image/") || slices.Contains(uploadTypes, kind) || kind == "application/octet-stream"
}

func newFileJSON(f *form.Form, file files.File) fileJSON {
	return fileJSON{file.ID.String(), file.UserID, file.Field, file.MediaType, file.Size, warningsOf(file), readOf(f, file.Field, file), facesOf(file)}
}

// File sends a file of a ticket. The view is recorded first.
func (a *API) File(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	file, err := a.Attachments.FromPath(r)
	if err != nil {
		return err
	}
	if file.Ticket == uuid.Nil {
		return files.ErrNotFound
	}
	if err := a.Audit.RecordNow(r.Context(), request.NewEntry(r, audit.FileSeen, audit.FileObject(file.ID))); err != nil {
		return err
	}
	return a.Attachments.Send(w, r, file)
}

// filesLostProblem says of a submission's files that at least one cannot be given to its ticket.
func filesLostProblem(named ticket.Files) problem.Invalid {
	var wrong problem.Invalid
	for _, name := range slices.Sorted(maps.Keys(named)) {
		wrong.Add(name, form.CodeNotAFile, "Is no file of this user for this field, or another ticket has it; or that is so of another file here.")
	}
	return wrong
}

// filesOf describes the files of a ticket, and how its answers compare with what was read of them, by field, in rows such as
// "owners.0.passport"; where that takes several, by its name with ".0", ".1" and so on behind it. They are nil when they cannot be read:
// the ticket is answered without them.
func (a *API) filesOf(ctx context.Context, t ticket.Ticket) (shown map[string]ticketFileJSON, matches map[string]evidence.Match) {
	named, err := a.Intake.FilesOf(ctx, t)
	if err != nil {
		if ctx.Err() == nil {
			a.Log.Warn("a ticket is shown without its files", "ticket", t.ID, "error", err)
		}
		return nil, nil
	}
	shown = make(map[string]ticketFileJSON, len(named))
	for name, list := range named {
		field, _ := a.Form.Field(name)
		for i, file := range list {
			if field.Type.Several() || len(list) > 1 {
				shown[name+"."+strconv.Itoa(i)] = newTicketFileJSON(a.Form, name, file)
			} else {
				shown[name] = newTicketFileJSON(a.Form, name, file)
			}
		}
	}
	return shown, a.matchesOf(ctx, t, named)
}

// warningsOf is what a person should look at in a picture; a document has none.
func warningsOf(file files.File) []string {
	warnings := []string{}
	if file.Picture() {
		for _, warning := range file.Signals.Warnings() {
			warnings = append(warnings, string(warning))
		}
	}
	return warnings
}
