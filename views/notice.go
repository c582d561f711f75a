package views

import (
	"cmp"

	"docket/internal/ticket"
)

// NothingToTakeText is what an agent reads who takes the next ticket when there is none.
func NothingToTakeText(site Site) string { return site.T("queue.none_to_take") }

// DecidedText says what became of a ticket, in one line.
func DecidedText(site Site, t ticket.Ticket) string {
	return site.T("queue.decided", "Status", site.statusName(t.Status), "Ticket", cmp.Or(site.formOf(t).Summary(t.Extra), t.ID.String()))
}
