package web

import (
	"errors"
	"fmt"
	"mime"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// plainBody refuses a body that is packed: it would have to be unpacked before its size is known.
func plainBody(r *http.Request) error {
	if packed := r.Header.Get("Content-Encoding"); packed != "" && packed != "identity" {
		return errMedia
	}
	return nil
}

// readForm reads what a page posted, in either of the two encodings that pages use.
func readForm(r *http.Request) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "multipart/form-data":
		err = r.ParseMultipartForm(bodyMost)
	case err == nil && kind == "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case r.ContentLength == 0:
		err = r.ParseForm()
	default:
		return errMedia
	}
	if _, large := errors.AsType[*http.MaxBytesError](err); err != nil && !large {
		return fmt.Errorf("%w: %w", errMalformed, err)
	}
	return err
}

// ticketID reads the id in the path. A bad one is no ticket, and nothing is asked of the database.
func ticketID(r *http.Request) (uuid.UUID, error) {
	text := r.PathValue("id")
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.Nil, ticket.ErrNotFound
	}
	requestOf(r.Context()).ticket = text
	return id, nil
}
