package views

import "time"

// usualText says within what time tickets are usually decided, in whole minutes, hours or days.
func usualText(site Site, usual time.Duration) string {
	switch {
	case usual < time.Hour:
		return site.T("usual.minutes", "Count", int(usual/time.Minute))
	case usual < 24*time.Hour:
		return site.T("usual.hours", "Count", int(usual/time.Hour))
	}
	return site.T("usual.days", "Count", int(usual/(24*time.Hour)))
}

// usualOf is the usual time of a ticket that waits; 0 once it has waited longer.
func (v TicketView) usualOf(now time.Time) time.Duration {
	if !v.Ticket.Status.Open() || now.Sub(v.Ticket.CreatedAt) > v.Usual {
		return 0
	}
	return v.Usual
}
