package views

import (
	"time"

	"github.com/google/uuid"

	"docket/internal/form"
	"docket/internal/ticket"
)

// DefaultLimit is how many tickets a page of the queue shows unless the address says otherwise.
const DefaultLimit = 50

// Filter is the queue's filter as it stands in the address. The zero Filter is the queue as it opens.
type Filter struct {
	Status   ticket.Status // empty: Processing
	From, To string        // as typed; empty: the default range
	User     string
	Sort     string // as typed: oldest, newest; empty: as the status has it
	Limit    int    // 0: DefaultLimit
	Cursor   string
}

// Newest reports whether the newest ticket comes first: by default where nothing waits any more.
func (f Filter) Newest() bool { return f.Sort == "newest" || f.Sort == "" && !f.status().Open() }

// QueueView is a page of the queue.
type QueueView struct {
	Filter       Filter
	Since, Until time.Time // the range in use
	List         ticket.List
	Older        int64                // open tickets before Since
	OlderURL     string               // a filter that shows them
	FirstURL     string               // the first page of this filter; empty when this is it
	NextURL      string               // empty when this is the last page
	Invalid      map[string]string    // of the filter: status, from, to, user, sort, limit, cursor → message
	Here         string               // the address of this very page, to renew it
	Notice       string               // such as "Approved." or "No ticket is waiting."
	Held         map[uuid.UUID]string // who holds a ticket of the list
	Names        map[string]string    // actor → what to show, such as an e-mail address
}

// Review is one ticket as an agent decides it.
type Review struct {
	Ticket    ticket.Ticket
	Letter    *form.Form         // in the language of the ticket's user, who reads the texts of the reasons
	History   []ticket.Event     // oldest first
	Previous  *ticket.Ticket     // the rejected one that this one mends; nil: none
	Reopened  []ticket.Reopening // when an admin let the user in again, newest first
	Closed    bool               // the ticket keeps its user from sending another
	Earlier   []ticket.Ticket    // the user's other tickets, newest first
	Names     map[string]string  // actor or user id → what to show, such as an e-mail address
	Own       bool               // the ticket is the agent's own
	Mine      bool               // the agent holds the ticket: a decision goes on to the next one
	HeldBy    string             // the colleague who holds the ticket; empty: nobody does
	HeldUntil time.Time          // when the claim ends unless it is kept; zero: nobody holds the ticket
	Typed     Typed
	Invalid   map[string]string // reason, class, comment, note → message
	Conflict  bool              // the decision came too late: the ticket is shown as it stands, beside what was typed
	Notice    string            // such as what became of the ticket before

	Files      map[string]Measured // by id, those of the ticket
	Unmeasured bool                // what was measured of them cannot be read at this moment
}

// Tickets are all that the page speaks of.
func (r Review) Tickets() []ticket.Ticket {
	all := append([]ticket.Ticket{r.Ticket}, r.Earlier...)
	if r.Previous != nil {
		all = append(all, *r.Previous)
	}
	return all
}

// Typed is a decision as the agent typed it.
type Typed struct {
	Reasons []string
	Class   form.Class
	Comment string
	Note    string
}

// empty reports whether the agent has typed and picked nothing.
func (t Typed) empty() bool {
	return len(t.Reasons) == 0 && t.Class == "" && t.Comment == "" && t.Note == ""
}
