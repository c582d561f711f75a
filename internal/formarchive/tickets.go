package formarchive

import (
	"cmp"
	"context"
	"slices"

	"docket/internal/form"
	"docket/internal/ticket"
)

// OfTickets finds the forms, by version, of tickets that were submitted under another form than today's.
func (a *Archive) OfTickets(ctx context.Context, today *form.Form, tickets ...ticket.Ticket) map[string]*form.Form {
	var versions []string
	for _, t := range tickets {
		if v := t.FormVersion; !ticket.SameHash(v, today.Version) && v != "" && !slices.Contains(versions, v) {
			versions = append(versions, v)
		}
	}
	if versions == nil {
		return nil
	}
	return a.Find(ctx, versions...)
}

// OfTicket finds the form that a ticket answers; today's when that is not known.
func (a *Archive) OfTicket(ctx context.Context, today *form.Form, t ticket.Ticket) *form.Form {
	return cmp.Or(a.OfTickets(ctx, today, t)[t.FormVersion], today)
}
