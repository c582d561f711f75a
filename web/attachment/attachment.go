// Package attachment finds the files of tickets and sends them.
package attachment

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
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
	Log   *slog.Logger
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
	sendBytes(w, r, file, body, file.Size, end)
	return nil
}

// SendPreview sends a picture with about so many pixels on its longer side: files.Preview says which. Where that cannot be made, it sends
// the whole picture.
func (a *Attachments) SendPreview(w http.ResponseWriter, r *http.Request, file files.File, size int) error {
	end := time.Now().Add(request.SendTime(file.Size))
	ctx, cancel := context.WithDeadline(context.WithoutCancel(r.Context()), end)
	defer cancel()
	data, err := a.Files.Preview(ctx, file, size)
	switch {
	case errors.Is(err, files.ErrNotFound) || errors.Is(err, files.ErrBytesMissing) || errors.Is(err, files.ErrStorage):
		return err
	case err != nil:
		a.Log.Warn("a whole picture is sent, as it has no preview", "file", file.ID, "error", err)
		return a.Send(w, r, file)
	}
	sendBytes(w, r, file, bytes.NewReader(data), int64(len(data)), end)
	return nil
}

// sendBytes sends what there is of a file until a time.
func sendBytes(w http.ResponseWriter, r *http.Request, file files.File, body io.Reader, size int64, end time.Time) {
	if file.Ticket != uuid.Nil {
		request.RecordOf(r.Context()).Ticket = file.Ticket.String()
	}
	h := w.Header()
	h.Set("Content-Type", file.MediaType)
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	h.Set("Content-Disposition", contentDisposition(file))
	h.Set("Content-Security-Policy", CSP)
	h.Set("Cache-Control", "private, no-store")
	_ = http.NewResponseController(w).SetWriteDeadline(end) // where there is one
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = io.Copy(w, body) // a client that has gone needs no answer
	}
}

// contentDisposition makes a browser show pictures and save other files, under the name of the field.
func contentDisposition(file files.File) string {
	if file.Picture() {
		return `inline; filename="` + file.Field + `.jpg"`
	}
	return `attachment; filename="` + file.Field + `.pdf"`
}
