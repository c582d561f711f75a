package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

var errNoAddress = errors.New("it is no http or https address")

// Code is the stable name of a problem. It is an error, so that errors.Is(err, client.NoApprovedTicket) tells one problem from the others.
type Code string

// The codes of problems, as the OpenAPI document explains them.
const (
	MalformedRequest     Code = "malformed_request"
	MalformedJSON        Code = "malformed_json"
	Unauthenticated      Code = "unauthenticated"
	MissingScope         Code = "missing_scope"
	Forbidden            Code = "forbidden"
	NotFound             Code = "not_found"
	NoApprovedTicket     Code = "no_approved_ticket"
	ApprovalExpired      Code = "approval_expired"
	MethodNotAllowed     Code = "method_not_allowed"
	AlreadyDecided       Code = "already_decided"
	StaleVersion         Code = "stale_version"
	TicketHeld           Code = "ticket_held"
	ResubmissionClosed   Code = "resubmission_closed"
	OpenTicketExists     Code = "open_ticket_exists"
	TooLarge             Code = "too_large"
	UnsupportedMediaType Code = "unsupported_media_type"
	InvalidInput         Code = "invalid"
	TimeRangeTooWide     Code = "time_range_too_wide"
	BadCursor            Code = "bad_cursor"
	CursorExpired        Code = "cursor_expired"
	IdempotencyKeyReused Code = "idempotency_key_reused"
	RateLimited          Code = "rate_limited"
	Internal             Code = "internal"
	Overloaded           Code = "overloaded"
	Unavailable          Code = "unavailable"
)

// Error implements error.
func (c Code) Error() string { return string(c) }

// Error is a refusal of the server, an RFC 9457 problem.
type Error struct {
	Status     int           `json:"status"`
	Code       Code          `json:"code"`
	Title      string        `json:"title"`
	Detail     string        `json:"detail"`
	RequestID  string        `json:"request_id"` // under which the log of the server has the call
	Fields     []FieldError  `json:"errors"`     // what is wrong, where Code is InvalidInput
	Ticket     *Ticket       `json:"ticket"`     // that is in the way; of another user's or key's only what names it
	RetryAfter time.Duration `json:"-"`          // 0: the server has not said when to try again
}

// FieldError is what is wrong with one field or parameter.
type FieldError struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Error implements error.
func (e *Error) Error() string {
	text := fmt.Sprintf("docket answers %d %s", e.Status, e.Code)
	for _, field := range e.Fields {
		text += ", " + field.Field + " " + field.Code
	}
	return text + " (request " + e.RequestID + ")"
}

// Is reports whether target is the code of e.
func (e *Error) Is(target error) bool { return target == error(e.Code) }

const maxErrorBytes = 1 << 20

// readError is what an answer says is wrong. What is no problem of docket, as of a proxy in between, has no code.
func readError(answer *http.Response) *Error {
	e := &Error{}
	if body, err := io.ReadAll(io.LimitReader(answer.Body, maxErrorBytes)); err != nil || json.Unmarshal(body, e) != nil {
		e = &Error{}
	}
	e.Status = answer.StatusCode
	e.RetryAfter = readRetryAfter(answer.Header.Get("Retry-After"), time.Now())
	return e
}

// readRetryAfter is how long to wait: so many seconds, or until a time, as what is in between may say it. A number beyond 31 bits is the
// greatest that has them; what is no time to come is 0.
func readRetryAfter(text string, now time.Time) time.Duration {
	seconds, err := strconv.ParseUint(text, 10, 31)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second
	}
	until, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return max(until.Sub(now), 0)
}
