package web

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/ticket"
	"docket/views"
)

// fileCSP is what a file may do in a browser that opens it by itself: nothing.
const fileCSP = "sandbox; default-src 'none'"

// upload keeps one file of the form, and answers with its field as it is now; removing is an upload of nothing.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, sent sheet) error {
	field, asked := s.formFor(r).Field(r.PathValue("field"))
	if !asked || !field.Type.Upload() {
		return errNoPage
	}
	if s.typed(sent) {
		if err := s.keepDraft(r, sent); err != nil {
			return err
		}
	}
	if sent.values.Has("remove") {
		if err := s.Files.Detach(r.Context(), userOf(r), field.Name); err != nil {
			return err
		}
		delete(sent.values, field.Name)
	}
	if sent.unkept != nil {
		return sent.unkept
	}
	shown, err := s.show(r, sent)
	if err != nil {
		return err
	}
	if !partial(r) && len(sent.wrong) == 0 {
		http.Redirect(w, r, views.NewTicketPath, http.StatusSeeOther)
		return nil
	}
	status, site := http.StatusOK, s.site(r)
	if len(sent.wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return s.render(w, r, status, views.TicketFormPage(site, shown), views.Upload(site, field, shown))
}

// file shows a file to its owner, and to agents once a ticket names it; that they saw it is written down first.
func (s *Server) file(w http.ResponseWriter, r *http.Request) error {
	a := me(r)
	if a == (account.Account{}) {
		return errSignIn // whether there is such a file or not
	}
	file, err := s.fileOf(r)
	if err != nil {
		return err
	}
	switch {
	case a.Role == account.Customer && file.UserID == userOf(r):
	case a.Role.Reviews() && file.Ticket != uuid.Nil:
		if err := s.Files.Seen(r.Context(), file.ID, ticket.Agent(a.ID.String())); err != nil {
			return err
		}
	default:
		return files.ErrNone
	}
	return s.sendFile(w, r, file)
}

// fileOf is the file in the path, which is noted for the log.
func (s *Server) fileOf(r *http.Request) (files.File, error) {
	text := r.PathValue("id")
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return files.File{}, files.ErrNone
	}
	requestOf(r.Context()).file = text
	return s.Files.Get(r.Context(), id)
}

// sendFile sends the bytes of a file, never for a browser to make anything of them but a picture.
func (s *Server) sendFile(w http.ResponseWriter, r *http.Request, file files.File) error {
	end := time.Now().Add(patient + needed(file.Size))
	ctx, cancel := context.WithDeadline(context.WithoutCancel(r.Context()), end)
	defer cancel()
	body, err := s.Files.Open(ctx, file)
	if err != nil {
		return err
	}
	defer body.Close()
	if file.Ticket != uuid.Nil {
		requestOf(r.Context()).ticket = file.Ticket.String()
	}
	h := w.Header()
	h.Set("Content-Type", file.MediaType)
	h.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	h.Set("Content-Disposition", disposition(file))
	h.Set("Content-Security-Policy", fileCSP)
	h.Set("Cache-Control", "private, no-store")
	_ = http.NewResponseController(w).SetWriteDeadline(end) // where there is one
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, body) // whoever left does not miss it
	}
	return nil
}

// disposition shows pictures and saves everything else, under a name of ours.
func disposition(file files.File) string {
	if file.Picture() {
		return `inline; filename="` + file.Field + `.jpg"`
	}
	return `attachment; filename="` + file.Field + `.pdf"`
}
