// Package problem is the one table from an error to its answer: the status, the code, and the words for people.
package problem

import (
	"cmp"
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"docket/internal/account"
	"docket/internal/files"
	"docket/internal/i18n"
	"docket/internal/strictjson"
	"docket/internal/submissionlink"
	"docket/internal/ticket"
	"docket/internal/webhook"
)

// The errors of a request, beside those of the packages that it calls.
var (
	ErrSignIn          = errors.New("not signed in")
	ErrForbidden       = errors.New("this account may not do that")
	ErrCrossOrigin     = errors.New("another site sent this")
	ErrNoPage          = errors.New("no such page")
	ErrNoApproved      = errors.New("no approved ticket")
	ErrApprovalExpired = errors.New("the latest approval has ended")
	ErrMethod          = errors.New("no such method here")
	ErrMalformed       = errors.New("the request cannot be read")
	ErrQuery           = errors.New("the query of the address cannot be read")
	ErrPage            = errors.New("the page sent something twice, or a malformed submission_id")
	ErrMediaType       = errors.New("the body is of a type that is not read here")
	ErrPanic           = errors.New("a handler panicked")
	ErrUnauthenticated = errors.New("no valid key")
	ErrScope           = errors.New("the key lacks the scope")
	ErrCursor          = errors.New("the cursor is not one of this list")
	ErrCursorExpired   = errors.New("what followed the cursor is not kept any more")
	ErrWideRange       = errors.New("the range of time is too wide")
	ErrRate            = errors.New("the key asks too often")
)

// SignedInAs says which account is signed in, when a form was sent from a page for another account.
type SignedInAs struct {
	Email string
	Typed map[string][]string // what was sent
}

// Error implements error.
func (SignedInAs) Error() string { return "the page was made for another account" }

// Problem is an error as the client sees it.
type Problem struct {
	Status int
	Code   Code
	Retry  int    // seconds, for Retry-After; 0: none
	words  string // the part of its keys in the catalogue: the code, unless a code has several texts
	plain  bool   // its text depends on nothing else
}

// table maps errors to problems. The first match is taken. The words are named when a code has several texts.
var table = []struct {
	err   error
	code  Code
	words string
	retry int
}{
	{ErrNoApproved, NoApprovedTicket, "", 0},
	{ErrApprovalExpired, ApprovalExpired, "", 0},
	{ErrNoPage, NotFound, "no_page", 0},
	{ticket.ErrNotFound, NotFound, "no_ticket", 0},
	{files.ErrNotFound, NotFound, "no_file", 0},
	{submissionlink.ErrNotFound, NotFound, "no_link", 0},
	{webhook.ErrNotFound, NotFound, "no_webhook", 0},
	{ErrForbidden, Forbidden, "forbidden", 0},
	{ErrCrossOrigin, Forbidden, "cross_origin", 0},
	{ErrUnauthenticated, Unauthenticated, "", 0},
	{ErrScope, MissingScope, "", 0},
	{ErrMethod, MethodNotAllowed, "", 0},
	{ErrMalformed, MalformedRequest, "", 0},
	{ErrQuery, InvalidInput, "query", 0},
	{ErrPage, InvalidInput, "page", 0},
	{ErrMediaType, UnsupportedMediaType, "", 0},
	{ticket.ErrDecided, AlreadyDecided, "", 0},
	{ticket.ErrStale, StaleVersion, "", 0},
	{ticket.ErrClaimed, TicketHeld, "", 0},
	{ticket.ErrOpinion, TicketHeld, "needs_opinion", 0},
	{ticket.ErrStep, TicketHeld, "other_step", 0},
	{ticket.ErrHandedOver, TicketHeld, "handed_over", 0},
	{ticket.ErrTooManyHeld, TicketHeld, "too_many_held", 0},
	{ticket.ErrResubmissionClosed, ResubmissionClosed, "", 0},
	{ticket.ErrOpenTicket, OpenTicketExists, "", 0},
	{ticket.ErrKeyReused, IdempotencyKeyReused, "", 0},
	{ErrCursor, BadCursor, "", 0},
	{ErrCursorExpired, CursorExpired, "", 0},
	{ErrWideRange, TimeRangeTooWide, "", 0},
	{ticket.ErrOwnTicket, Forbidden, "own_ticket", 0},
	{files.ErrTooMany, RateLimited, "too_many_files", 3600},
	{files.ErrTooManyDrafts, RateLimited, "too_many_drafts", 3600},
	{ticket.ErrDailyLimit, RateLimited, "too_many_tickets", 3600},
	{ErrRate, RateLimited, "too_many_requests", 1},
	{files.ErrStorage, Unavailable, "no_storage", 5},
	{ticket.ErrOverloaded, Overloaded, "", 2},
	{ticket.ErrUnavailable, Unavailable, "unavailable", 2},
	{context.DeadlineExceeded, Unavailable, "late", 2},
	{context.Canceled, Unavailable, "interrupted", 2},
}

// Of is the problem that an error is; one that the table does not know is internal.
func Of(err error) Problem {
	for _, known := range table {
		if err == known.err { // wraps nothing and has no values
			p := newProblem(known.code, known.words, known.retry)
			p.plain = true
			return p
		}
	}
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return newProblem(TooLarge, "", 0)
	}
	if _, ok := errors.AsType[Invalid](err); ok {
		return newProblem(InvalidInput, "invalid", 0)
	}
	if _, ok := errors.AsType[WrongParameters](err); ok {
		return newProblem(InvalidInput, "parameters", 0)
	}
	if _, ok := errors.AsType[SignedInAs](err); ok {
		return newProblem(OtherAccount, "", 0)
	}
	if _, ok := errors.AsType[*strictjson.Error](err); ok {
		return newProblem(MalformedJSON, "", 0)
	}
	if tries, ok := errors.AsType[account.TooManyTries](err); ok {
		return newProblem(RateLimited, "too_many_tries", int(math.Ceil(tries.Wait.Seconds())))
	}
	for _, known := range table {
		if errors.Is(err, known.err) {
			return newProblem(known.code, known.words, known.retry)
		}
	}
	return newProblem(Internal, "", 0)
}

func newProblem(code Code, words string, retry int) Problem {
	return Problem{Status: code.Status(), Code: code, Retry: retry, words: cmp.Or(words, string(code))}
}

// ForRead is the problem of a request that writes nothing: its text does not say that a write may have happened.
func (p Problem) ForRead() Problem {
	if p.Code == Unavailable {
		p.words = "unreadable"
	}
	return p
}

// Title is a short text.
func (p Problem) Title(words *i18n.Words) string { return words.T("problem." + p.words + ".title") }

// Detail explains it, with the values in err. That of WithDetail replaces it.
func (p Problem) Detail(words *i18n.Words, err error) string {
	if more, ok := errors.AsType[explained](err); ok && more.Detail != "" {
		return more.Detail
	}
	key := "problem." + p.words + ".detail"
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return words.T(key, "KiB", strconv.FormatInt(large.Limit>>10, 10))
	}
	if names, ok := errors.AsType[WrongParameters](err); ok {
		return words.T(key, "Names", printable(strings.Join(names, ", ")))
	}
	if signedIn, ok := errors.AsType[SignedInAs](err); ok {
		return words.T(key, "Email", signedIn.Email)
	}
	if tries, ok := errors.AsType[account.TooManyTries](err); ok {
		return words.T(key, "Wait", words.Wait(tries.Wait))
	}
	if bad, ok := errors.AsType[*strictjson.Error](err); ok {
		return words.T(key, "Byte", strconv.FormatInt(int64(bad.Offset), 10), "Problem", bad.Problem)
	}
	return words.T(key)
}

// printable is text of a request, with U+FFFD for each character that a page cannot show or that would change how it shows
// the others.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return utf8.RuneError
	}, text)
}
