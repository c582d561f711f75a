package ticket

import (
	"time"

	"github.com/google/uuid"
)

// Reopening is an admin's permission for a user to submit again after a ticket that had closed resubmission. It is only
// ever added.
type Reopening struct {
	TicketID uuid.UUID // which had closed resubmission
	UserID   string
	By       string // the admin, as an actor
	Note     string // why; for agents only
	At       time.Time
}
