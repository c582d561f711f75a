package ticket

import "github.com/google/uuid"

// Where narrows a Query to tickets with all that it names. The zero Where hides none.
type Where struct {
	DecidedBy string // an actor
	Reason    string // a code, one of the reasons
	Attempt   int    // at least
	Signal    string // a warning of a picture, as it was when the ticket was submitted
	Answers   string // a JSON object: answers that the ticket has; empty: any
	HeldBy    uuid.UUID
}

// IsZero reports whether w hides nothing.
func (w Where) IsZero() bool { return w == Where{} }
