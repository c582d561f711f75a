package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/i18n"
	"docket/internal/strictjson"
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
	status int
	code   string
	words  string // names its title and detail among docket's words
	retry  int    // seconds, for Retry-After; 0: none
}

func (a answer) title(words *i18n.Words) string { return words.T("problem." + a.words + ".title") }

// detail says more; err may know what it is filled in with, or a better one for another system.
func (a answer) detail(words *i18n.Words, err error) string {
	if more, ok := errors.AsType[explained](err); ok && more.detail != "" {
		return more.detail
	}
	key := "problem." + a.words + ".detail"
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return words.T(key, "KiB", strconv.FormatInt(tooLarge.Limit>>10, 10))
	}
	if bad, ok := errors.AsType[*strictjson.Error](err); ok {
		return words.T(key, "Byte", strconv.FormatInt(int64(bad.Offset), 10), "Problem", bad.Problem)
	}
	return words.T(key)
}

// answers is the one table from an error to what the world is told of it. The first that matches is taken.
var answers = []struct {
	err error
	answer
}{
	{errNoApproved, answer{404, "no_approved_ticket", "no_approved", 0}},
	{errNoPage, answer{404, "not_found", "no_page", 0}},
	{ticket.ErrNotFound, answer{404, "not_found", "no_ticket", 0}},
	{files.ErrNone, answer{404, "not_found", "no_file", 0}},
	{errForbidden, answer{403, "forbidden", "forbidden", 0}},
	{errCrossOrigin, answer{403, "forbidden", "cross_origin", 0}},
	{errUnauthenticated, answer{401, "unauthenticated", "no_key", 0}},
	{errScope, answer{403, "missing_scope", "no_scope", 0}},
	{errMethod, answer{405, "method_not_allowed", "method", 0}},
	{errMalformed, answer{400, "malformed_request", "malformed", 0}},
	{errMedia, answer{415, "unsupported_media_type", "media", 0}},
	{ticket.ErrDecided, answer{409, "already_decided", "decided", 0}},
	{ticket.ErrStale, answer{409, "stale_version", "stale", 0}},
	{ticket.ErrHeld, answer{409, "ticket_held", "held", 0}},
	{ticket.ErrResubmissionClosed, answer{409, "resubmission_closed", "resubmission_closed", 0}},
	{ticket.ErrOpenTicket, answer{409, "open_ticket_exists", "open_ticket", 0}},
	{ticket.ErrKeyReused, answer{422, "idempotency_key_reused", "key_reused", 0}},
	{errCursor, answer{422, "bad_cursor", "cursor", 0}},
	{errWide, answer{422, "time_range_too_wide", "wide", 0}},
	{ticket.ErrOwnTicket, answer{403, "forbidden", "own_ticket", 0}},
	{account.ErrTooMany, answer{429, "rate_limited", "too_many_tries", 60}},
	{files.ErrTooMany, answer{429, "rate_limited", "too_many_files", 3600}},
	{errRate, answer{429, "rate_limited", "too_many_requests", 1}},
	{files.ErrStorage, answer{503, "unavailable", "no_storage", 5}},
	{ticket.ErrOverloaded, answer{503, "overloaded", "overloaded", 2}},
	{ticket.ErrUnavailable, answer{503, "unavailable", "unavailable", 2}},
	{context.DeadlineExceeded, answer{503, "unavailable", "late", 2}},
	{context.Canceled, answer{503, "unavailable", "interrupted", 2}},
}

// The answers to errors that are types of their own, and to those that nobody foresaw.
var (
	answerTooLarge = answer{413, "too_large", "too_large", 0}
	answerInvalid  = answer{422, "invalid", "invalid", 0}
	answerBadJSON  = answer{400, "malformed_json", "bad_json", 0}
	answerInternal = answer{500, "internal", "internal", 0}
)

func answerTo(err error) answer {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return answerTooLarge
	}
	if _, ok := errors.AsType[invalid](err); ok {
		return answerInvalid
	}
	if _, ok := errors.AsType[*strictjson.Error](err); ok {
		return answerBadJSON
	}
	for _, known := range answers {
		if errors.Is(err, known.err) {
			return known.answer
		}
	}
	return answerInternal
}

// explained is an error with more to tell another system than the table knows.
type explained struct {
	error
	detail string // empty: the usual one
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
		a.words = "unreadable"
	}
	if a.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(a.retry))
	}
	if api {
		writeProblem(w, r, a, err)
		return
	}
	s.problemPage(w, r, a, err)
}

func (s *Server) problemPage(w http.ResponseWriter, r *http.Request, a answer, cause error) {
	site := s.site(r)
	p := views.Problem{
		Status: a.status, Title: a.title(site.Words), Detail: a.detail(site.Words, cause), RequestID: requestOf(r.Context()).id,
	}
	if err := s.render(w, r, a.status, views.ErrorPage(site, p), views.ErrorNote(site, p)); err != nil {
		s.Log.Error("the error page cannot be shown", "request_id", p.RequestID, "error", err)
		http.Error(w, p.Title, a.status)
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
	words := i18n.Of(i18n.Source)
	fields, _ := errors.AsType[invalid](err)
	more, _ := errors.AsType[explained](err)
	if a.status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="docket"`)
	}
	body, _ := json.Marshal(problem{ // strings and numbers always marshal
		Type: "about:blank", Title: a.title(words), Status: a.status, Detail: a.detail(words, err), Code: a.code,
		RequestID: requestOf(r.Context()).id, Errors: fields, Ticket: more.ticket,
	})
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}
