package request

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"

	"github.com/google/uuid"

	"docket/internal/ticket"
	"docket/web/problem"
)

// MaxFormBytes is how long a form may be without its files.
const MaxFormBytes = 1 << 20

// MaxAnonymousBytes is how much is read of what somebody sends who is not signed in: anybody can send many at once.
const MaxAnonymousBytes = 16 << 10

// CheckEncoding refuses a compressed body, whose size is not known before it is read.
func CheckEncoding(r *http.Request) error {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return problem.ErrMediaType
	}
	return nil
}

// LimitBody makes a body end with *http.MaxBytesError after so many bytes. One that is announced to be longer is refused at once.
func LimitBody(w http.ResponseWriter, r *http.Request, maxBytes int64) error {
	if r.ContentLength > maxBytes {
		return &http.MaxBytesError{Limit: maxBytes}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBytes)
	return nil
}

// ParseForm reads what a page posted, in either of the two encodings that pages use. A query that cannot be read is no part of
// it: the pages that care for their query have checked it, or will.
func ParseForm(r *http.Request) error {
	if _, err := url.ParseQuery(r.URL.RawQuery); err != nil {
		address, plain := r.URL, *r.URL
		plain.RawQuery = ""
		r.URL = &plain
		defer func() { r.URL = address }()
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err == nil && kind == "multipart/form-data":
		err = r.ParseMultipartForm(MaxFormBytes)
	case err == nil && kind == "application/x-www-form-urlencoded":
		err = r.ParseForm()
	case r.ContentLength == 0:
		err = r.ParseForm()
	default:
		return problem.ErrMediaType
	}
	return ReadError(err)
}

// ReadError is why a body cannot be read any further: it is too large, there is no memory for it, or else it is malformed. It is nil
// when err is.
func ReadError(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); err == nil || large || errors.Is(err, ticket.ErrOverloaded) {
		return err
	}
	return fmt.Errorf("%w: %w", problem.ErrMalformed, err)
}

// TicketID reads the id in the path, or returns ticket.ErrNotFound, and notes it for the log.
func TicketID(r *http.Request) (uuid.UUID, error) {
	text := r.PathValue("id")
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.Nil, ticket.ErrNotFound
	}
	RecordOf(r.Context()).Ticket = text
	return id, nil
}
