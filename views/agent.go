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
	Search   string // as typed: what the tickets are found by, whatever their status
	Where    Where
	Tab      ticket.Tab // of the open tickets; empty: those that wait
	Queue    string     // of the form; empty: every one
	Columns  []string   // fields whose answers are shown
	Sort     string     // as typed: oldest, newest; empty: as the status has it
	Limit    int        // 0: DefaultLimit
	Cursor   string
}

// Newest reports whether the newest ticket comes first: by default where nothing waits any more.
func (f Filter) Newest() bool { return f.Sort == "newest" || f.Sort == "" && !f.status().Open() }

// QueueView is a page of the queue.
type QueueView struct {
	Filter       Filter
	Since, Until time.Time // the range in use
	After        time.Time // where the page before this one ended; zero: there is none
	SavedViews   []SavedView
	AnyStatus    bool // the list has tickets of every status
	Disagreed    bool // the list has the tickets of which two agents think differently
	List         ticket.List
	Differing    []LookLine        // with Disagreed: second looks that differ from the decision
	Backlog      int64             // how many open tickets are older than Since
	BacklogURL   string            // a filter that shows them
	FirstURL     string            // the first page of this filter; empty when this is it
	NextURL      string            // empty when this is the last page
	Invalid      map[string]string // of the filter: status, from, to, user, sort, limit, cursor → message
	Here         string            // the address of this very page, to renew it
	Notice       string            // that there was none left to take
	Toast        Toast
	Asked        []uuid.UUID          // open tickets of the list that have opinions or steps
	Marks        map[uuid.UUID]string // ticket → key of what is said of it beside its holder
	Steps        map[uuid.UUID][]ticket.Step
	Signals      map[uuid.UUID][]string // what is off in the pictures of a ticket of the list
	Holders      map[uuid.UUID]string   // who holds a ticket of the list
	Placements   map[uuid.UUID]Placement
	Teams        []string          // of the agent; none: there is no tab for them
	Names        map[string]string // actor → what to show, such as an e-mail address
}

// Review is one ticket as an agent decides it.
type Review struct {
	Ticket             ticket.Ticket
	UserForm           *form.Form         // in the language of the ticket's user, who reads the texts of the reasons
	History            []ticket.Event     // oldest first
	Previous           *ticket.Ticket     // the rejected attempt before this one; nil: none
	Reopenings         []ticket.Reopening // when an admin allowed the user to submit again, newest first
	ClosesResubmission bool               // the ticket keeps its user from submitting another
	Replaced           bool               // the user has sent a later ticket, so that this one cannot be sent again
	OtherTickets       []ticket.Ticket    // of the user, newest first
	MayRevoke          bool               // the agent may take the approval back
	Seen               int64              // the version that a page shows of which only a part is asked for; 0: it does not say
	Names              map[string]string  // actor or user id → what to show, such as an e-mail address
	Own                bool               // the ticket is the agent's own
	HeldByMe           bool               // the agent holds the ticket: a decision goes on to the next one
	HeldBy             string             // the colleague who holds the ticket; empty: nobody does
	HeldUntil          time.Time          // when the claim ends unless it is renewed; zero: nobody holds the ticket
	Typed              TypedDecision
	Grant              *form.Form    // what an approval is asked; nil: nothing
	Proposed           form.Input    // for the fields of Grant
	List               string        // the query of the list that the agent came from; empty: the queue as it opens
	Notes              []ticket.Note // oldest first
	Placement          Placement
	HandedAway         bool     // it was handed over to somebody else, or to a team without the agent
	Viewers            []string // others who have the page open
	Receivers          []string // to whom it can be handed over: addresses of agents, and teams
	Work               TypedWork
	Invalid            map[string]string // reason, rows, class, comment, note → message
	Conflict           bool              // the decision came too late: the ticket is shown as it is now, beside what was typed
	UndoLate           bool              // a decision could not be undone
	Pending            *PendingDecision  // of the ticket; nil: none
	Opinions           Opinions
	Steps              Steps
	Look               ticket.SecondLook // that was given of the ticket
	Blind              bool              // it is a second look: nothing of the decision is shown
	Toast              Toast

	Files          map[string]Measurements // by id, those of the ticket
	SameFiles      map[string]bool         // the fields whose file has the same bytes as that of the previous attempt
	LookAlikes     []LookAlike             // exact ones first, three at most
	MoreLookAlikes bool                    // than these
	SamePerson     []SamePerson            // tickets of other users with an identity of this one, three at most
	MoreSamePerson bool                    // than these
	Unmeasured     bool                    // the measurements cannot be read at the moment
}

// Tickets are all tickets on the page.
func (r Review) Tickets() []ticket.Ticket {
	all := append([]ticket.Ticket{r.Ticket}, r.OtherTickets...)
	if r.Previous != nil {
		all = append(all, *r.Previous)
	}
	for _, same := range r.SamePerson {
		all = append(all, same.Ticket)
	}
	for _, l := range r.LookAlikes {
		all = append(all, l.Ticket)
	}
	return all
}

// Placement is where an open ticket is, unless it simply waits.
type Placement struct {
	To     string    // an e-mail address or a team; empty: everyone
	Mine   bool      // it was handed over to the agent, or to a team of theirs
	Until  time.Time // when it is back in the queue; zero: it is not snoozed
	Reason string
	By     string // who snoozed it or handed it over
}

// TypedWork is what an agent typed to do with a ticket beside deciding it.
type TypedWork struct{ Reason, Until, To, Text string }

// TypedDecision is a decision as the agent typed it.
type TypedDecision struct {
	Reasons []string
	Rows    []string // of groups, such as "owners.1"
	Class   form.Class
	Comment string
	Note    string
	Grant   form.Input // what an approval is asked; nil: nothing was typed
}

// empty reports whether the agent has typed and picked nothing.
func (t TypedDecision) empty() bool {
	return len(t.Reasons)+len(t.Rows) == 0 && t.Class == "" && t.Comment == "" && t.Note == "" && len(t.Grant) == 0
}
