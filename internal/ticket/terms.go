package ticket

import (
	"encoding/json"
	"time"
)

// Terms are what an approval is for and when it ends.
type Terms struct {
	Subject string    // empty: what the ticket was submitted for
	Until   time.Time // zero: it does not end
}

// TermsOf returns the terms of an approval that is decided at a time, of a ticket with these answers. grant has the answers of the
// approval itself; nil: there are none.
type TermsOf func(extra, grant json.RawMessage, at time.Time) Terms
