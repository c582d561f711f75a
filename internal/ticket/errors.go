package ticket

import "errors"

// The errors that a Desk returns when it refuses something. Every other error is a failure.
var (
	ErrNotFound           = errors.New("no such ticket")
	ErrDecided            = errors.New("the ticket is already closed")
	ErrStale              = errors.New("the ticket has changed since it was read")
	ErrClaimed            = errors.New("another agent has claimed the ticket")
	ErrHandedOver         = errors.New("the ticket was handed over to somebody else")
	ErrTooManyHeld        = errors.New("the agent holds as many tickets as one may")
	ErrOpinion            = errors.New("two people have to agree on the ticket")
	ErrStep               = errors.New("the step of the ticket that waits asks somebody else")
	ErrOwnTicket          = errors.New("nobody decides their own ticket")
	ErrResubmissionClosed = errors.New("the user may not submit again")
	ErrOpenTicket         = errors.New("the user already has an open ticket")
	ErrKeyReused          = errors.New("the submission key was used for other content")
	ErrFile               = errors.New("a file cannot be used for this ticket")
	ErrUnavailable        = errors.New("the primary cannot be reached")
	ErrUnknown            = errors.New("the write may or may not have been done")
	ErrDailyLimit         = errors.New("the user has submitted too often in a day")
	ErrOverloaded         = errors.New("too many requests at this moment")
)
