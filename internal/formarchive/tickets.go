package formarchive

import (
	"cmp"
	"context"
	"slices"

	"docket/internal/form"
	"docket/internal/ticket"
)

// OfTickets finds the forms, by version, of tickets that were submitted under another form than today's.
func (f *Forms) OfTickets(ctx context.Context, today *form.Form, tickets ...ticket.Ticket) map[string]*form.Form {
	var versions []string
	for _, t := range tickets {
		if v := t.FormVersion; v != today.Version && v != "" && !slices.Contains(versions, v) {
			versions = append(versions, v)
		}
	}
	if versions == nil {
		return nil
	}
	return f.Of(ctx, versions...)
}

// OfTicket finds the form that a ticket answers; today's when that is not known.
func (f *Forms) OfTicket(ctx context.Context, today *form.Form, t ticket.Ticket) *form.Form {
	return cmp.Or(f.OfTickets(ctx, today, t)[t.FormVersion], today)
}
