package web

import (
	"errors"
	"maps"
	"mime"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/ticket"
)

// What a file may be called when it comes, and what it is when it was kept.
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
}

// apiUpload keeps a file that another system sends for a field of a user's next ticket: the body is the file itself.
func (s *Server) apiUpload(w http.ResponseWriter, r *http.Request, by account.Key) error {
	given, err := parameters(r, "user_id", "field")
	if err != nil {
		return err
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(uploadTypes, kind) || plainBody(r) != nil {
		return explained{error: errMedia, detail: "Send the file itself as the body, with Content-Type: image/jpeg, image/png or application/pdf."}
	}
	field, asked := s.Form.Field(given.Get("field"))
	var wrong invalid
	if user := given.Get("user_id"); user == "" || !storable(user) {
		wrong = append(wrong, fieldProblem{"user_id", "bad_user_id", "A user id has 1 to 128 characters, and no control characters."})
	}
	if !asked || !field.Type.Upload() {
		wrong = append(wrong, fieldProblem{"field", form.CodeUnknownField, "This form asks for no file under this name."})
	}
	if len(wrong) > 0 {
		return wrong.sorted()
	}
	body := &watched{Reader: paced(w, http.MaxBytesReader(w, r.Body, files.Most+1))}
	file, err := s.Files.Keep(r.Context(), files.Upload{
		UserID: given.Get("user_id"), Field: field, By: ticket.Key(by.Name), Body: body, Size: r.ContentLength,
	})
	refused, isRefused := errors.AsType[files.Refusal](err)
	switch {
	case body.err != nil:
		return unread(body.err)
	case refused == files.TooLarge: // whatever the field, as any body that is
		return &http.MaxBytesError{Limit: files.Most}
	case isRefused:
		return invalid{{field.Name, string(refused), i18n.Of(i18n.Source).T("refused." + string(refused))}}
	case err != nil:
		return err
	}
	requestOf(r.Context()).file = file.ID.String()
	w.Header().Set("Location", "/api/v1/files/"+file.ID.String())
	return writeJSON(w, http.StatusCreated, kept(file))
}

func kept(file files.File) fileJSON {
	warnings := append([]string{}, shownFile(file).Warnings...)
	return fileJSON{file.ID.String(), file.UserID, file.Field, file.MediaType, file.Size, warnings}
}

// apiFile sends a file that a ticket names; that the key saw it is written down first.
func (s *Server) apiFile(w http.ResponseWriter, r *http.Request, by account.Key) error {
	if _, err := parameters(r); err != nil {
		return err
	}
	file, err := s.fileOf(r)
	if err != nil {
		return err
	}
	if file.Ticket == uuid.Nil {
		return files.ErrNone
	}
	if err := s.Files.Seen(r.Context(), file.ID, ticket.Key(by.Name)); err != nil {
		return err
	}
	return s.sendFile(w, r, file)
}

// noFile says of a submission's files that at least one cannot be given to its ticket.
func noFile(named ticket.Files) invalid {
	var wrong invalid
	for _, name := range slices.Sorted(maps.Keys(named)) {
		wrong = append(wrong, fieldProblem{name, form.CodeNotAFile, "Is not a file of this user for this field that no other ticket has, or another one here is not."})
	}
	return wrong
}
