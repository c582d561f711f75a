package views

import (
	"time"

	"docket/internal/form"
	"docket/internal/ticket"
)

const nearEnd = 48 * time.Hour // within which the end of an approval has an hour, unless it is the end of a day

// ends reports whether a ticket has an approval that ends, or has ended.
func ends(t ticket.Ticket) bool { return t.Status == ticket.Approved && !t.ValidUntil.IsZero() }

func (s Site) hasEnded(t ticket.Ticket) bool { return ends(t) && !s.Now.Before(t.ValidUntil) }

// asksAgain reports whether the owner of a ticket should send a new one, because its approval ends soon or has ended.
func (s Site) asksAgain(t ticket.Ticket) bool {
	lead := s.Form.Approval.AskAgain
	return ends(t) && (s.hasEnded(t) || lead != (form.Period{}) && !s.Now.Before(lead.Before(t.ValidUntil)))
}

// endText is the last day of an approval, in the form's zone, or, when it ends soon within a day, the time.
func (s Site) endText(t ticket.Ticket) string {
	last := t.ValidUntil.Add(-time.Millisecond).In(s.Form.Zone)
	wholeDay := last.Day() != t.ValidUntil.In(s.Form.Zone).Day()
	if left := t.ValidUntil.Sub(s.Now); wholeDay || left > nearEnd || left < -nearEnd {
		return s.words().Day(last)
	}
	return s.clock(t.ValidUntil)
}

// isLatest reports whether the user has no newer ticket of the list, for the same subject, that is open or approved.
func (l Tickets) isLatest(t ticket.Ticket) bool {
	for _, newer := range l.List.Tickets {
		if newer.ID == t.ID {
			return true
		}
		if newer.Subject == t.Subject && (newer.Status.Open() || newer.Status == ticket.Approved) {
			return false
		}
	}
	return true
}
