// Package problem is the one table from an error to its answer: the status, the code, and the words for people.
package problem

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/i18n"
	"docket/internal/strictjson"
	"docket/internal/ticket"
)

// What a request is refused for before it reaches the desk.
var (
	ErrSignIn          = errors.New("nobody is signed in")
	ErrForbidden       = errors.New("this account may not do that")
	ErrCrossOrigin     = errors.New("another site sent this")
	ErrNoPage          = errors.New("no such page")
	ErrNoApproved      = errors.New("no approved ticket")
	ErrMethod          = errors.New("no such method here")
	ErrMalformed       = errors.New("the request cannot be read")
	ErrQuery           = errors.New("the query of the address cannot be read")
	ErrMediaType       = errors.New("the body is of a type that is not read here")
	ErrPanic           = errors.New("a handler panicked")
	ErrUnauthenticated = errors.New("no valid key")
	ErrScope           = errors.New("the key lacks the scope")
	ErrCursor          = errors.New("the cursor is not one of this list")
	ErrWideRange       = errors.New("the range of time is too wide")
	ErrRate            = errors.New("the key asks too often")
)

// Problem is how an error reads to the one who asked.
type Problem struct {
	Status int
	Code   string
	Retry  int    // seconds, for Retry-After; 0: none
	words  string // names its title and detail among docket's words
}

// table maps an error to what the world is told of it. The first that matches is taken.
var table = []struct {
	err error
	Problem
}{
	{ErrNoApproved, Problem{404, "no_approved_ticket", 0, "no_approved"}},
	{ErrNoPage, Problem{404, "not_found", 0, "no_page"}},
	{ticket.ErrNotFound, Problem{404, "not_found", 0, "no_ticket"}},
	{files.ErrNone, Problem{404, "not_found", 0, "no_file"}},
	{ErrForbidden, Problem{403, "forbidden", 0, "forbidden"}},
	{ErrCrossOrigin, Problem{403, "forbidden", 0, "cross_origin"}},
	{ErrUnauthenticated, Problem{401, "unauthenticated", 0, "no_key"}},
	{ErrScope, Problem{403, "missing_scope", 0, "no_scope"}},
	{ErrMethod, Problem{405, "method_not_allowed", 0, "method"}},
	{ErrMalformed, Problem{400, "malformed_request", 0, "malformed"}},
	{ErrQuery, Problem{422, "invalid", 0, "query"}},
	{ErrMediaType, Problem{415, "unsupported_media_type", 0, "media"}},
	{ticket.ErrDecided, Problem{409, "already_decided", 0, "decided"}},
	{ticket.ErrStale, Problem{409, "stale_version", 0, "stale"}},
	{ticket.ErrHeld, Problem{409, "ticket_held", 0, "held"}},
	{ticket.ErrResubmissionClosed, Problem{409, "resubmission_closed", 0, "resubmission_closed"}},
	{ticket.ErrOpenTicket, Problem{409, "open_ticket_exists", 0, "open_ticket"}},
	{ticket.ErrKeyReused, Problem{422, "idempotency_key_reused", 0, "key_reused"}},
	{ErrCursor, Problem{422, "bad_cursor", 0, "cursor"}},
	{ErrWideRange, Problem{422, "time_range_too_wide", 0, "wide"}},
	{ticket.ErrOwnTicket, Problem{403, "forbidden", 0, "own_ticket"}},
	{account.ErrTooMany, Problem{429, "rate_limited", 60, "too_many_tries"}},
	{files.ErrTooMany, Problem{429, "rate_limited", 3600, "too_many_files"}},
	{ErrRate, Problem{429, "rate_limited", 1, "too_many_requests"}},
	{files.ErrStorage, Problem{503, "unavailable", 5, "no_storage"}},
	{ticket.ErrOverloaded, Problem{503, "overloaded", 2, "overloaded"}},
	{ticket.ErrUnavailable, Problem{503, "unavailable", 2, "unavailable"}},
	{context.DeadlineExceeded, Problem{503, "unavailable", 2, "late"}},
	{context.Canceled, Problem{503, "unavailable", 2, "interrupted"}},
}

// The problems of errors that are types of their own, and of those that nobody foresaw.
var (
	tooLarge     = Problem{413, "too_large", 0, "too_large"}
	invalidInput = Problem{422, "invalid", 0, "invalid"}
	wrongQuery   = Problem{422, "invalid", 0, "parameters"}
	badJSON      = Problem{400, "malformed_json", 0, "bad_json"}
	internal     = Problem{500, "internal", 0, "internal"}
)

// Of is the problem that an error is; one that the table does not know is internal.
func Of(err error) Problem {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge
	}
	if _, ok := errors.AsType[Invalid](err); ok {
		return invalidInput
	}
	if _, ok := errors.AsType[WrongParameters](err); ok {
		return wrongQuery
	}
	if _, ok := errors.AsType[*strictjson.Error](err); ok {
		return badJSON
	}
	for _, known := range table {
		if errors.Is(err, known.err) {
			return known.Problem
		}
	}
	return internal
}

// ForRead is the problem as it reads when nothing was to be written: nobody needs to ask whether it was.
func (p Problem) ForRead() Problem {
	if p.Code == "unavailable" {
		p.words = "unreadable"
	}
	return p
}

// Title says in a few words what is wrong.
func (p Problem) Title(words *i18n.Words) string { return words.T("problem." + p.words + ".title") }

// Detail says more; err may know what it is filled in with, or a better one for another system.
func (p Problem) Detail(words *i18n.Words, err error) string {
	if more, ok := errors.AsType[Explained](err); ok && more.Detail != "" {
		return more.Detail
	}
	key := "problem." + p.words + ".detail"
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return words.T(key, "KiB", strconv.FormatInt(large.Limit>>10, 10))
	}
	if names, ok := errors.AsType[WrongParameters](err); ok {
		return words.T(key, "Names", strings.Join(names, ", "))
	}
	if bad, ok := errors.AsType[*strictjson.Error](err); ok {
		return words.T(key, "Byte", strconv.FormatInt(int64(bad.Offset), 10), "Problem", bad.Problem)
	}
	return words.T(key)
}
