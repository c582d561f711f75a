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

// Cursor is a place in a list that is ordered by time of creation or, for closed tickets in the queue, of closing. The zero
// Cursor is the beginning.
type Cursor struct {
	At time.Time
	ID uuid.UUID
}

// IsZero reports whether c is the beginning of a list.
func (c Cursor) IsZero() bool { return c == Cursor{} }

// After is the place of t in a list that is ordered by time of creation.
func After(t Ticket) Cursor { return Cursor{At: t.CreatedAt, ID: t.ID} }

// Query asks for the tickets of one status, in the order of their creation, that were created in [From, To). Of a status
// other than open it asks in the order of closing, and for what was closed in that range.
type Query struct {
	Status   Status
	From, To time.Time
	UserID   string // empty: of every user
	Queue    string // of the form; empty: of every one; of closed tickets it is not asked for
	Place    Place  // of open tickets
	Where    Where
	Newest   bool // newest first instead of oldest first
	Page
}

// Place says which of the open tickets a Query asks for. With Mine, Team and Snoozed they may be of any time, and come oldest first.
type Place struct {
	Tab    Tab
	Agent  uuid.UUID // of Mine
	Teams  []string  // of Team: those of the agent
	Queues []string  // of Team: those that belong to these teams
}

// Tab names a part of the open tickets.
type Tab string

// The tabs. The empty Tab is all open tickets.
const (
	Waiting Tab = "waiting" // all that are not snoozed
	Mine    Tab = "mine"    // those that the agent holds, or that were handed over to the agent
	Team    Tab = "team"    // those of the queues of the agent's teams, and those handed over to the teams
	Snoozed Tab = "snoozed"
)

// CursorOf is the place of t in the list that q asks for.
func (q Query) CursorOf(t Ticket) Cursor {
	if t.Status.Open() {
		return After(t)
	}
	return Cursor{At: t.UpdatedAt, ID: t.ID}
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

// Search asks for tickets by what was submitted with them, newest first. What is given whole is found whatever its time; words
// are found in the tickets that were created in [From, To).
type Search struct {
	Words    []string  // each begins a word of the ticket's
	Whole    []string  // one of these is a number, an address or a telephone number of the ticket's, as package search writes it
	UserID   string    // whose ticket it is
	Email    string    // of the account whose ticket it is; empty: none
	ID       uuid.UUID // of the ticket; zero: none
	From, To time.Time
	Page
}

// IsZero reports whether nothing is asked for.
func (s Search) IsZero() bool { return len(s.Words) == 0 }
