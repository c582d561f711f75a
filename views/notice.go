package views

import (
	"cmp"

	"docket/internal/form"
	"docket/internal/ticket"
)

// NothingWaits is what an agent reads who takes the next ticket when there is none.
const NothingWaits = "No ticket is waiting that you could take."

// Decided says what became of a ticket, in one line.
func Decided(f *form.Form, t ticket.Ticket) string {
	return status(t.Status) + ": " + cmp.Or(f.Summary(t.Extra), t.ID.String()) + "."
}
