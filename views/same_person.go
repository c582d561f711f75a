package views

import (
	"cmp"

	"docket/internal/ticket"
)

// SamePerson is a ticket of another user with an identity of a ticket.
type SamePerson struct {
	Ticket ticket.Ticket
	What   []string // the identities: each the labels of its fields
}

// becameText is what became of the ticket, and when.
func (s SamePerson) becameText(site Site) string {
	at := s.Ticket.CreatedAt
	if !s.Ticket.Status.Open() {
		at = closedAt(s.Ticket)
	}
	return site.statusName(s.Ticket.Status) + ", " + site.day(at)
}

// userText is whose ticket it is.
func (s SamePerson) userText(site Site, review Review) string {
	return site.T("review.same_user", "User", review.userName(s.Ticket.UserID))
}

// userName is the e-mail address of a user who has an account, otherwise the user's id, cut.
func (r Review) userName(id string) string {
	return cmp.Or(r.Names[ticket.User(id)], shortUserID(id))
}
