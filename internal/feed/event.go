package feed

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/ticket"
)

// Position is a place in the feed: the number of the event before it. Zero is the beginning.
type Position int64

// Type is what an event says.
type Type string

// The types of events.
const (
	Submitted Type = "ticket.submitted"
	Approved  Type = "ticket.approved"
	Rejected  Type = "ticket.rejected"
	Withdrawn Type = "ticket.withdrawn"
	Revoked   Type = "ticket.revoked"
	Expired   Type = "approval.expired"
	Erased    Type = "user.erased"
)

// Types lists every type.
var Types = []Type{Submitted, Approved, Rejected, Withdrawn, Revoked, Expired, Erased}

// kinds are what the database calls what is in the feed. The erasure of one old ticket is not.
var kinds = map[string]struct {
	Type
	ticket.Status
}{
	"submitted":   {Submitted, ticket.Processing},
	"approved":    {Approved, ticket.Approved},
	"rejected":    {Rejected, ticket.Rejected},
	"withdrawn":   {Withdrawn, ticket.Withdrawn},
	"revoked":     {Revoked, ticket.Revoked},
	"expired":     {Expired, ticket.Approved},
	"user_erased": {Erased, ""},
}

// Event is one committed change. The erasure of a user has no ticket, version and status.
type Event struct {
	Position
	ID       uuid.UUID // the same wherever and whenever it is read; no other event has it
	Type     Type
	TicketID uuid.UUID
	UserID   string
	Version  int64         // of the ticket
	Status   ticket.Status // of the ticket, with this change
	At       time.Time
	Reasons  []string // codes of the form
}

// fromRow is the event of a row; false: it is not in the feed.
func fromRow(row db.FeedPageRow) (Event, bool) {
	kind, known := kinds[row.Kind]
	e := Event{
		Position: Position(row.Seq), ID: newID(row), Type: kind.Type, TicketID: row.TicketID, UserID: row.UserID, Version: row.Version,
		Status: kind.Status, At: time.UnixMilli(row.AtMs), Reasons: row.Reasons,
	}
	if len(e.Reasons) == 0 && row.Reason != nil {
		e.Reasons = []string{*row.Reason}
	}
	return e, known
}

// newID makes the id of an event of what it says. It does not depend on its number: after a failover that lost events, another may get
// that.
func newID(row db.FeedPageRow) uuid.UUID {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d %s %d %d %s", row.TicketID, row.Version, row.Kind, row.AtMs, row.Erasure, row.UserID))
	id := uuid.UUID(sum[:16])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // version 8 of RFC 9562: made by us
	return id
}

// eventJSON is an event as other systems see it.
type eventJSON struct {
	ID       uuid.UUID      `json:"id"`
	Type     Type           `json:"type"`
	TicketID *uuid.UUID     `json:"ticket_id"`
	UserID   string         `json:"user_id"`
	UserSeq  Position       `json:"user_seq"`
	Version  *int64         `json:"version"`
	Status   *ticket.Status `json:"status"`
	AtMS     int64          `json:"at_ms"`
	Reasons  []string       `json:"reasons,omitempty"`
}

// MarshalJSON implements json.Marshaler: an event as the feed and webhooks send it. Its number is the one that grows for each user.
func (e Event) MarshalJSON() ([]byte, error) {
	sent := eventJSON{ID: e.ID, Type: e.Type, UserID: e.UserID, UserSeq: e.Position, AtMS: e.At.UnixMilli(), Reasons: e.Reasons}
	if e.TicketID != uuid.Nil {
		sent.TicketID, sent.Version, sent.Status = &e.TicketID, &e.Version, &e.Status
	}
	return json.Marshal(sent)
}
