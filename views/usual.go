package views

import "time"

// usualOf is the usual time of a ticket that waits; 0 once it has waited longer.
func (v TicketView) usualOf(now time.Time) time.Duration {
	if !v.Ticket.Status.Open() || now.Sub(v.Ticket.CreatedAt) > v.Usual {
		return 0
	}
	return v.Usual
}
