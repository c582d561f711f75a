package pages

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/files"
	"docket/internal/photo"
	"docket/web/problem"
	"docket/web/request"
)

// File sends a file to its owner, and to agents once a ticket names it; that they saw it is recorded first. With size it sends a
// preview of a picture, which counts as the picture.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	a := request.Account(r)
	if a == (account.Account{}) {
		return problem.ErrSignIn // whether there is such a file or not
	}
	size, err := previewSize(r)
	if err != nil {
		return err
	}
	file, err := p.Attachments.FromPath(r)
	if err != nil {
		return err
	}
	switch {
	case a.Role == account.Customer && file.UserID == request.UserID(r):
	case a.Role.Reviews() && file.Ticket != uuid.Nil:
		if err := p.Audit.RecordNow(r.Context(), request.NewEntry(r, audit.FileSeen, audit.FileObject(file.ID))); err != nil {
			return err
		}
	default:
		return files.ErrNotFound
	}
	if size != 0 {
		return p.Attachments.SendPreview(w, r, file, size)
	}
	return p.Attachments.Send(w, r, file)
}

// previewSize returns the size that is asked for; 0: the whole file.
func previewSize(r *http.Request) (int, error) {
	text := r.URL.Query().Get("size")
	if text == "" {
		return 0, nil
	}
	for _, size := range photo.PreviewSizes {
		if text == strconv.Itoa(size) {
			return size, nil
		}
	}
	return 0, problem.WrongParameters{"size"}
}
