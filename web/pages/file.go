package pages

import (
	"net/http"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/files"
	"docket/web/problem"
	"docket/web/request"
)

// File sends a file to its owner, and to agents once a ticket names it; that they saw it is recorded first.
func (p *Pages) File(w http.ResponseWriter, r *http.Request) error {
	a := request.Account(r)
	if a == (account.Account{}) {
		return problem.ErrSignIn // whether there is such a file or not
	}
	file, err := p.Attachments.FromPath(r)
	if err != nil {
		return err
	}
	switch {
	case a.Role == account.Customer && file.UserID == request.UserID(r):
	case a.Role.Reviews() && file.Ticket != uuid.Nil:
		if err := p.Audit.RecordNow(r.Context(), request.NewEntry(r, audit.FileSeen, audit.File(file.ID))); err != nil {
			return err
		}
	default:
		return files.ErrNotFound
	}
	return p.Attachments.Send(w, r, file)
}
