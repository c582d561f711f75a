package pages

import (
	"context"

	"docket/internal/ticket"
	"docket/views"
)

// describeList adds what a list says of its tickets beside what they say themselves: who holds them, what is off in their pictures,
// and the names of users and deciders.
func (p *Pages) describeList(ctx context.Context, view *views.QueueView) (err error) {
	var open []ticket.Ticket
	actors := decidersOf(view.List.Tickets)
	for _, t := range view.List.Tickets {
		actors = append(actors, ticket.User(t.UserID))
		if t.Status.Open() {
			open = append(open, t)
		}
	}
	if view.Names, err = p.emailsOf(ctx, actors); err != nil || len(open) == 0 {
		return err
	}
	if view.Holders, err = p.holders(ctx, open); err != nil {
		return err
	}
	view.Signals, err = p.Desk.Signals(ctx, ticketIDs(open))
	return err
}
