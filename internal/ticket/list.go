package ticket

import (
	"time"

	"github.com/google/uuid"
)

// Page is a part of a list: at most Limit tickets, after a Cursor.
type Page struct {
	After Cursor
	Limit int
}

// Cursor is a place in a list ordered by time of creation. The zero Cursor is the beginning.
type Cursor struct {
	At time.Time
	ID uuid.UUID
}

// IsZero reports whether c is the beginning of a list.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// After is the place just behind t.
func After(t Ticket) Cursor { return Cursor{At: t.CreatedAt, ID: t.ID} }

// Query asks for the tickets of one status that were created in [From, To).
type Query struct {
	Status   Status
	From, To time.Time
	UserID   string // empty: of every user
	Newest   bool   // newest first instead of oldest first
	Page
}

// List is one page of tickets and where the next one begins; Next is zero when this is the last.
type List struct {
	Tickets []Ticket
	Next    Cursor
}

// BacklogMost is how far a Backlog is counted: to count many more takes too long.
const BacklogMost = 1000

// Backlog is how many open tickets there are, or BacklogMost+1 if there are more, and when the oldest of them was created;
// zero when there is none.
type Backlog struct {
	Count  int64
	Oldest time.Time
}
