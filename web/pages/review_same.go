package pages

import (
	"context"
	"maps"
	"slices"

	"docket/internal/form"
	"docket/internal/search"
	"docket/internal/ticket"
	"docket/views"
)

const maxSamePerson = 3 // tickets of other users, for all identities of a ticket

// addSamePerson adds the tickets of other users with an identity of the ticket, each once, and the names of these users. f is the
// form in the language of the page.
func (p *Pages) addSamePerson(ctx context.Context, f *form.Form, view *views.Review) error {
	t := view.Ticket
	if t.Erased() {
		return nil
	}
	var users []string
	for _, identity := range p.Intake.Identifier.Identities(p.Form, p.Form.Answers(t.Extra)) {
		found, err := p.Desk.SamePerson(ctx, t.UserID, identity, maxSamePerson+1)
		if err != nil {
			return err
		}
		for _, other := range found {
			addSameTicket(view, other, search.Label(f, identity.Name))
			users = append(users, ticket.User(other.UserID))
		}
	}
	return p.addNames(ctx, users, view)
}

// addSameTicket adds a ticket that has what in common, unless there are enough.
func addSameTicket(view *views.Review, other ticket.Ticket, what string) {
	at := slices.IndexFunc(view.SamePerson, func(same views.SamePerson) bool { return same.Ticket.ID == other.ID })
	switch {
	case at >= 0:
		view.SamePerson[at].What = append(view.SamePerson[at].What, what)
	case len(view.SamePerson) == maxSamePerson:
		view.MoreSamePerson = true
	default:
		view.SamePerson = append(view.SamePerson, views.SamePerson{Ticket: other, What: []string{what}})
	}
}

// addNames adds the e-mail addresses of those users who have an account.
func (p *Pages) addNames(ctx context.Context, users []string, view *views.Review) error {
	if len(users) == 0 {
		return nil
	}
	names, err := p.emailsOf(ctx, users)
	maps.Copy(view.Names, names)
	return err
}
