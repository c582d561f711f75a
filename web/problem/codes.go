package problem

// Code is what a program reads of a problem. It never changes.
type Code string

// The codes of problems.
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
	OtherAccount         Code = "other_account"
	CursorExpired        Code = "cursor_expired"
	TooLarge             Code = "too_large"
	UnsupportedMediaType Code = "unsupported_media_type"
	InvalidInput         Code = "invalid"
	TimeRangeTooWide     Code = "time_range_too_wide"
	BadCursor            Code = "bad_cursor"
	IdempotencyKeyReused Code = "idempotency_key_reused"
	RateLimited          Code = "rate_limited"
	Internal             Code = "internal"
	Overloaded           Code = "overloaded"
	Unavailable          Code = "unavailable"
)

// Codes lists every code with its status, and says when the JSON interface answers it; empty: only pages do.
var Codes = []struct {
	Code   Code
	Status int
	When   string
}{
	{MalformedRequest, 400, "the query or the body is cut off or cannot be read, or a header that is needed is missing or wrong."},
	{MalformedJSON, 400, "the body is not JSON that every program reads alike; `detail` says at which byte."},
	{Unauthenticated, 401, "there is no key, or it is unknown or revoked."},
	{MissingScope, 403, "the key lacks the scope."},
	{Forbidden, 403, "a browser sent this from another site."},
	{NotFound, 404, "there is none."},
	{NoApprovedTicket, 404, "the user has no approved ticket, or is unknown."},
	{ApprovalExpired, 404, "the latest approval of the user has ended."},
	{MethodNotAllowed, 405, "the address does not take the method."},
	{AlreadyDecided, 409, "the ticket is closed; `ticket` is how it stands."},
	{StaleVersion, 409, "the ticket is open but has another version; `ticket` is how it stands."},
	{TicketHeld, 409, "an agent is working on the ticket; `ticket` is how it stands."},
	{ResubmissionClosed, 409, "the user's last ticket, which `ticket` names, was rejected for good or as often as the form allows, and no admin has allowed another."},
	{OpenTicketExists, 409, "the user has an open ticket, which `ticket` names."},
	{OtherAccount, 409, ""},
	{CursorExpired, 410, "the cursor is older than 30 days, or of commits that a failover has lost. Begin without `after`."},
	{TooLarge, 413, "the body has more bytes than the call takes; `detail` says how many it takes."},
	{UnsupportedMediaType, 415, "the body is not declared as a type that the call takes, or is compressed."},
	{InvalidInput, 422, "the input can be read but not accepted; `errors` says why, field by field."},
	{TimeRangeTooWide, 422, "the range has more than 31 days."},
	{BadCursor, 422, "the cursor was changed, or is of another list."},
	{IdempotencyKeyReused, 422, "other content was sent under this key before."},
	{RateLimited, 429, "the key makes more requests in a second than it may, or the user has sent too many files in a day."},
	{Internal, 500, "our fault; the cause is in our log under the `request_id`."},
	{Overloaded, 503, "there is too much work at this moment; nothing was done."},
	{Unavailable, 503, "the primary or the storage of files cannot be reached. A write may or may not have been kept: repeat it."},
}

// Status is the HTTP status of a code.
func (c Code) Status() int {
	for _, known := range Codes {
		if known.Code == c {
			return known.Status
		}
	}
	return Internal.Status()
}

// The codes of what is wrong with a parameter or a member of a body, beside those of forms and of files.
const (
	FieldUnknownParameter = "unknown_parameter"
	FieldUnexpected       = "unexpected"
	FieldBadUserID        = "bad_user_id"
	FieldBadLimit         = "bad_limit"
	FieldBadWait          = "bad_wait"
	FieldBadTime          = "bad_time"
	FieldBadCursor        = "bad_cursor"
	FieldNotHTTPS         = "not_https"
	FieldReservedAddress  = "reserved_address"
	FieldSwitchedOff      = "switched_off"
)

// FieldCodes lists the codes of what is wrong with a parameter or a member of a body.
var FieldCodes = []string{FieldUnknownParameter, FieldUnexpected, FieldBadUserID, FieldBadLimit, FieldBadWait, FieldBadTime, FieldBadCursor, FieldNotHTTPS, FieldReservedAddress, FieldSwitchedOff}
