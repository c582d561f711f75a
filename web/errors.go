package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"docket/internal/account"
	"docket/internal/strict"
	"docket/internal/ticket"
	"docket/views"
)

// What a request is refused for before it reaches the desk.
var (
	errSignIn          = errors.New("nobody is signed in")
	errForbidden       = errors.New("this account may not do that")
	errCrossOrigin     = errors.New("another site sent this")
	errNoPage          = errors.New("no such page")
	errNoApproved      = errors.New("no approved ticket")
	errMethod          = errors.New("no such method here")
	errMalformed       = errors.New("the request cannot be read")
	errMedia           = errors.New("the body is of a type that is not read here")
	errBroken          = errors.New("a handler broke")
	errUnauthenticated = errors.New("no valid key")
	errScope           = errors.New("the key lacks the scope")
	errWide            = errors.New("the range of time is too wide")
	errRate            = errors.New("the key asks too often")
)

// answer is how an error reads to the one who asked.
type answer struct {
	status        int
	code          string
	title, detail string
	retry         int // seconds, for Retry-After; 0: none
}

// answers is the one table from an error to what the world is told of it. The first that matches is taken.
var answers = []struct {
	err error
	answer
}{
	{errNoApproved, answer{404, "no_approved_ticket", "No approved ticket", "This user has no approved ticket.", 0}},
	{errNoPage, answer{404, "not_found", "Nothing here", "There is nothing at this address. It may be mistyped, or not yours.", 0}},
	{ticket.ErrNotFound, answer{404, "not_found", "No such ticket", "There is no such ticket, or it is not yours.", 0}},
	{errForbidden, answer{403, "forbidden", "Not for this account", "You are signed in with an account that may not open this page.", 0}},
	{errCrossOrigin, answer{403, "forbidden", "Refused", "This came from another site, so it was refused. Open the page here and try again.", 0}},
	{errUnauthenticated, answer{401, "unauthenticated", "Who is asking?", "Send a valid key: Authorization: Bearer dk_…", 0}},
	{errScope, answer{403, "missing_scope", "The key may not do this", "The key lacks the scope that this call needs.", 0}},
	{errMethod, answer{405, "method_not_allowed", "Not that way", "This address does not take this method; the header Allow names those it takes.", 0}},
	{errMalformed, answer{400, "malformed_request", "The request cannot be read", "The request is broken or incomplete. Reload the page and try again.", 0}},
	{errMedia, answer{415, "unsupported_media_type", "A body of the wrong type", "The body is of a type, or has an encoding, that is not read here.", 0}},
	{ticket.ErrDecided, answer{409, "already_decided", "Closed already", "The ticket was closed before this arrived.", 0}},
	{ticket.ErrStale, answer{409, "stale_version", "The ticket has changed", "The ticket has changed since you opened it. Look at it again.", 0}},
	{ticket.ErrHeld, answer{409, "ticket_held", "A colleague has this ticket", "A colleague is working on this ticket. Take another one.", 0}},
	{ticket.ErrOpenTicket, answer{409, "open_ticket_exists", "One ticket at a time", "There is an open ticket already.", 0}},
	{ticket.ErrKeyReused, answer{422, "idempotency_key_reused", "Sent before with other content", "Other content was sent under this key before.", 0}},
	{errCursor, answer{422, "bad_cursor", "Not a place in this list", "The cursor was changed or is of another list. Start from the first page.", 0}},
	{errWide, answer{422, "time_range_too_wide", "Too wide a range of time", wide, 0}},
	{ticket.ErrOwnTicket, answer{403, "forbidden", "Your own ticket", "Nobody decides their own ticket. A colleague has to.", 0}},
	{account.ErrTooMany, answer{429, "rate_limited", "Too many tries", "Too many wrong passwords for this address. Wait a minute and try again.", 60}},
	{errRate, answer{429, "rate_limited", "Too many requests", "This key asks for more in a second than it may. Wait a second and go on.", 1}},
	{ticket.ErrOverloaded, answer{503, "overloaded", "Very busy", "Too many people are here at this moment. Try again in a few seconds: nothing was done.", 2}},
	{ticket.ErrUnavailable, answer{503, "unavailable", "Not available now", "It may or may not have been saved. Try again: it cannot be applied twice.", 2}},
	{context.DeadlineExceeded, answer{503, "unavailable", "This took too long", "It may or may not have been saved. Try again: it cannot be applied twice.", 2}},
	{context.Canceled, answer{503, "unavailable", "Interrupted", "The connection ended before the answer.", 2}},
}

var internal = answer{500, "internal", "Something broke here", "This is our fault, not yours. It was noted under the number below; try again later.", 0}

func answerTo(err error) answer {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return answer{413, "too_large", "Too large", "At most " + strconv.FormatInt(tooLarge.Limit>>10, 10) + " KiB can be sent here.", 0}
	}
	if _, ok := errors.AsType[invalid](err); ok {
		return answer{422, "invalid", "Some of this cannot be accepted", "See errors for what to change.", 0}
	}
	if bad, ok := errors.AsType[*strict.Error](err); ok {
		return answer{400, "malformed_json", "The JSON cannot be read", fmt.Sprintf("At byte %d: %s.", bad.Offset, bad.Problem), 0}
	}
	for _, known := range answers {
		if !errors.Is(err, known.err) {
			continue
		}
		if more, ok := errors.AsType[explained](err); ok && more.detail != "" {
			known.detail = more.detail
		}
		return known.answer
	}
	return internal
}

// explained is an error with more to tell another system than the table knows.
type explained struct {
	error
	detail string // empty: as the table has it
	ticket any    // the ticket that is in the way; nil: none
}

func (e explained) Unwrap() error { return e.error }

// fail is where every error ends: as problem+json, a page, or a fragment. What is our own fault is logged here, once.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	api := strings.HasPrefix(r.URL.Path, "/api/")
	if errors.Is(err, errSignIn) {
		signIn(w, r)
		return
	}
	a, q := answerTo(err), requestOf(r.Context())
	q.code = a.code
	if a.status >= 500 && !errors.Is(err, context.Canceled) { // who left is no fault of ours
		q.cause = err
	}
	if a.code == "unavailable" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		a.detail = "This cannot be read at the moment. Nothing was lost: try again in a few seconds."
	}
	if a.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(a.retry))
	}
	if api {
		writeProblem(w, r, a, err)
		return
	}
	s.problemPage(w, r, a)
}

func (s *Server) problemPage(w http.ResponseWriter, r *http.Request, a answer) {
	p := views.Problem{Status: a.status, Title: a.title, Detail: a.detail, RequestID: requestOf(r.Context()).id}
	site := s.site(r)
	if err := s.render(w, r, a.status, views.ErrorPage(site, p), views.ErrorNote(site, p)); err != nil {
		s.Log.Error("the error page cannot be shown", "request_id", p.RequestID, "error", err)
		http.Error(w, a.title, a.status)
	}
}

// problem is RFC 9457's problem+json.
type problem struct {
	Type      string         `json:"type"`
	Title     string         `json:"title"`
	Status    int            `json:"status"`
	Detail    string         `json:"detail"`
	Code      string         `json:"code"`
	RequestID string         `json:"request_id"`
	Errors    []fieldProblem `json:"errors,omitempty"`
	Ticket    any            `json:"ticket,omitempty"`
}

type fieldProblem struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// invalid is input that can be read but not accepted, and why, field by field.
type invalid []fieldProblem

func (invalid) Error() string { return "the input is invalid" }

// sorted is the problems in the order of their fields; nil when there is none.
func (i invalid) sorted() error {
	if len(i) == 0 {
		return nil
	}
	slices.SortStableFunc(i, func(a, b fieldProblem) int { return strings.Compare(a.Field, b.Field) })
	return i
}

func writeProblem(w http.ResponseWriter, r *http.Request, a answer, err error) {
	fields, _ := errors.AsType[invalid](err)
	more, _ := errors.AsType[explained](err)
	if a.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="docket"`)
	}
	body, _ := json.Marshal(problem{ // strings and numbers always marshal
		Type: "about:blank", Title: a.title, Status: a.status, Detail: a.detail, Code: a.code,
		RequestID: requestOf(r.Context()).id, Errors: fields, Ticket: more.ticket,
	})
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}
