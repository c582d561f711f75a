package views

import (
	"cmp"
	"math"
	"strconv"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// Toast is what was done just before. It stands at the foot of the page for a while and moves nothing.
type Toast struct {
	Text    string        // empty: there is none
	Ticket  uuid.UUID     // that it is about
	Done    string        // what was done with it; empty: it was decided
	Pending bool          // it is a decision that can still be undone
	Left    time.Duration // how long yet
	List    string        // the query of the list that an undo goes back to
}

// in is the toast on a page of a list.
func (t Toast) in(list string) Toast {
	t.List = list
	return t
}

// PendingDecision is a decision of a ticket that can still be undone.
type PendingDecision struct {
	Status ticket.Status // what the ticket becomes
	Mine   bool          // it is the agent's own
	By     string        // the e-mail address of whoever decided
	Left   time.Duration // until it is made
	Second bool          // a colleague has to think the same
}

// DecidedText says what becomes of a ticket, in one line.
func DecidedText(site Site, t ticket.Ticket, status ticket.Status) string {
	return site.T("queue.decided", "Status", site.statusName(status), "Ticket", cmp.Or(site.formOf(t).Summary(t.Extra), t.ID.String()))
}

// secondsLeft are those of a time, rounded up; 0 when it is over.
func secondsLeft(left time.Duration) string {
	return strconv.Itoa(int(math.Ceil(max(left, 0).Seconds())))
}

func millisecondsLeft(left time.Duration) string {
	return strconv.FormatInt(max(left, 0).Milliseconds(), 10)
}

// reloadTrigger loads a page again when a decision on it has been made.
func reloadTrigger(left time.Duration) string {
	return "load delay:" + millisecondsLeft(left+1200*time.Millisecond) + "ms"
}

// text is the key of what its agent reads.
func (d PendingDecision) text() string {
	if d.Second {
		return "undo.mine_second"
	}
	return "undo.mine"
}
