package views

import (
	"time"

	"github.com/google/uuid"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/form/finding"
	"docket/internal/form/formstep"
	"docket/internal/ticket"
)

// Tickets is a user's own tickets.
type Tickets struct {
	List      ticket.List // newest first
	FirstURL  string      // back to the newest; empty on the first page
	NextURL   string      // the older ones; empty on the last page
	CanSubmit bool        // whether the form would take another ticket now
}

// FormView is the form as a customer fills it in: what was typed, and what is wrong.
type FormView struct {
	SubmissionID string
	Values       form.Input        // as typed
	Invalid      map[string]string // field name → message
	Shown        []string          // the elements with which the page shows mistakes that may be corrected by now
	Files        map[string][]File // by field: what its values name
	FromDraft    bool              // the customer filled this in earlier
	Usual        time.Duration     // within which tickets are usually decided; 0: not known
	Baseline     string            // what the page shows, to find out later what was changed on it
	Conflicts    map[string]string // field name → what another page has saved there
	Previous     *ticket.Ticket    // the rejected attempt before this one; nil: none
	Asked        map[string]bool   // the fields that are asked again; nil: all
	WholeForm    bool              // the customer wants to change more than what is asked again
	OpenTicket   *ticket.Ticket    // set when the customer has an open ticket and the form allows only one (409)
	Problem      string            // what is wrong beside the messages at the fields
	Steps        []formstep.Step   // into which the form is divided; nil: it is on one page
	Step         int               // the one that is shown
	Resumed      bool              // it is shown because the user goes on there
	Then         string            // the key of the step to which this one leads; empty: the next one
	Unchanged    map[string]bool   // the fields that were refused and have the same answer again
	Findings     []finding.Finding // what was read of its files
	Proposed     map[string]bool   // the fields that the page has filled in like another one
	Citizens     []finding.Citizen // what citizen numbers say
}

// File is a file of the form, which its user may still replace.
type File struct {
	ID       uuid.UUID
	Picture  bool // else it is a document
	Size     int64
	Warnings []string // what may be wrong with a picture: "blurry", "dark", "overexposed", "glare", "grey" or "small", or with its faces

	Width, Height int // of a picture, as it was sent
	Reading       evidence.Reading
}

// TicketView is one ticket for its owner.
type TicketView struct {
	Ticket   ticket.Ticket
	Reopened bool          // the ticket had closed resubmission, and an admin allowed it again
	Replaced bool          // the owner has sent a later ticket, so that this one cannot be sent again
	Problem  string        // such as that it was decided before it could be withdrawn
	Steps    []ticket.Step // in which it is approved
	Usual    time.Duration // within which tickets are usually decided; 0: not known
}

// wanted is what the ticket asks its owner to send again.
func (v TicketView) wanted(site Site) wanted {
	return site.wantedAgain(v.Ticket, !v.Replaced && (mayResubmit(site.Form, v.Ticket) || v.Reopened))
}

// wanted is what one of the tickets, by its place in the list, asks its owner to send again, and whether a later one stands in for it.
func (l Tickets) wanted(site Site, i int) (w wanted, replaced bool) {
	t := l.List.Tickets[i]
	if !site.Form.FollowsLast() {
		return site.wantedAgain(t, mayResubmit(site.Form, t)), false
	}
	first := i == 0 && l.FirstURL == ""
	return site.wantedAgain(t, first && l.CanSubmit), !first && t.Status == ticket.Rejected && mayResubmit(site.Form, t)
}

// nextText is the name of what leads to the form from the list.
func (l Tickets) nextText(site Site) string {
	if w, _ := l.wanted(site, 0); w.Again && site.Form.FollowsLast() {
		return site.resendText(w)
	}
	return site.T("frame.new_ticket")
}
