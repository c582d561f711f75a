package views

import (
	"cmp"

	"docket/internal/ticket"
)

// NothingToTake is what an agent reads who takes the next ticket when there is none.
func NothingToTake(site Site) string { return site.T("queue.none_to_take") }

// Decided says what became of a ticket, in one line.
func Decided(site Site, t ticket.Ticket) string {
	return site.T("queue.decided", "Status", site.statusName(t.Status), "Ticket", cmp.Or(site.formOf(t).Summary(t.Extra), t.ID.String()))
}
