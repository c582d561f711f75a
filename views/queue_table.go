package views

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"docket/internal/ticket"
)

// tableLabel is what the table has.
func (q QueueView) tableLabel(site Site) string {
	if q.mixed() {
		return q.heading(site)
	}
	return site.T("queue.tickets", "Status", site.statusName(q.Filter.status()))
}

// whenLabel is what the first column says.
func (q QueueView) whenLabel(site Site) string {
	switch {
	case q.mixed():
		return site.T("queue.statuses")
	case q.Filter.status().Open():
		return site.T("queue.waiting")
	}
	return site.statusName(q.Filter.status())
}

// userName is whose ticket it is: an e-mail address where the user has an account.
func (q QueueView) userName(t ticket.Ticket) string {
	return cmp.Or(q.Names[ticket.User(t.UserID)], shortUserID(t.UserID))
}

// signalText is what is off in the pictures of a ticket, in the order of severity.
func signalText(site Site, signals []string) string {
	var words []string
	for _, option := range signalOptions(site) {
		if slices.Contains(signals, option.Value) {
			words = append(words, option.Label)
		}
	}
	return strings.Join(words, ", ")
}

// countText is a number of at most four digits.
func countText(n int64) string {
	const most = 9999
	if n > most {
		return strconv.Itoa(most) + "+"
	}
	return strconv.FormatInt(n, 10)
}
