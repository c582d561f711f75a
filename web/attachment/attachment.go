// Package attachment finds the files of tickets and sends them.
package attachment

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"docket/internal/files"
	"docket/web/request"
)

// CSP is what a file may do in a browser that opens it by itself: nothing.
const CSP = "sandbox; default-src 'none'"

// Attachments are the files of tickets.
type Attachments struct {
	Files *files.Files
}

// FromPath returns the file whose id is in the path, or files.ErrNotFound, and notes it for the log.
func (a *Attachments) FromPath(r *http.Request) (files.File, error) {
	text := r.PathValue("id")
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return files.File{}, files.ErrNotFound
	}
	request.RecordOf(r.Context()).File = text
	return a.Files.Get(r.Context(), id)
}

// Send sends the bytes of a file. A browser can show them as a picture only.
func (a *Attachments) Send(w http.ResponseWriter, r *http.Request, file files.File) error {
	end := time.Now().Add(request.SendTime(file.Size))
	ctx, cancel := context.WithDeadline(context.WithoutCancel(r.Context()), end)
	defer cancel()
	body, err := a.Files.Open(ctx, file)
	if err != nil {
		return err
	}
	defer body.Close()
	if file.Ticket != uuid.Nil {
		request.RecordOf(r.Context()).Ticket = file.Ticket.String()
	}
	h := w.Header()
	h.Set("Content-Type", file.MediaType)
	h.Set("Content-Length", strconv.FormatInt(file.Size, 10))
	h.Set("Content-Disposition", contentDisposition(file))
	h.Set("Content-Security-Policy", CSP)
	h.Set("Cache-Control", "private, no-store")
	_ = http.NewResponseController(w).SetWriteDeadline(end) // where there is one
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, body) // a client that has gone needs no answer
	}
	return nil
}

// contentDisposition makes a browser show pictures and save other files, under the name of the field.
func contentDisposition(file files.File) string {
	if file.Picture() {
		return `inline; filename="` + file.Field + `.jpg"`
	}
	return `attachment; filename="` + file.Field + `.pdf"`
}
