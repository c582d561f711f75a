package pages

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"docket/internal/claim"
	"docket/internal/ticket"
	"docket/views"
)

// describeList adds what a list says of its tickets beside what they say themselves: who works on them and where they are, what is off in
// their pictures, and the names of users and deciders. It leaves those out whose decision is pending: nobody can take them.
func (p *Pages) describeList(ctx context.Context, agent uuid.UUID, view *views.QueueView) (err error) {
	var open []ticket.Ticket
	var actors []string
	for _, t := range view.List.Tickets {
		if t.Status.Open() {
			open = append(open, t)
		} else {
			actors = append(actors, ticket.User(t.UserID), t.ClosedBy())
		}
	}
	work, err := p.Claims.ListWork(ctx, open...)
	if err != nil {
		return err
	}
	if view.Names, err = p.emailsOf(ctx, actors); err != nil {
		return err
	}
	view.Holders, view.Signals, view.Asked = map[uuid.UUID]string{}, map[uuid.UUID][]string{}, nil
	for _, t := range open {
		w := work[t.ID]
		view.Holders[t.ID], view.Signals[t.ID] = w.Holder, w.Signals
		if w.Owner != "" {
			view.Names[ticket.User(t.UserID)] = w.Owner
		}
		if w.Opinions {
			view.Asked = append(view.Asked, t.ID)
		}
	}
	view.List.Tickets = slices.DeleteFunc(slices.Clone(view.List.Tickets), func(t ticket.Ticket) bool { return work[t.ID].Pending })
	if view.Filter.Status != ticket.Processing {
		return nil
	}
	return p.addPlacements(ctx, agent, work, view)
}

// addPlacements adds where the tickets of the list are, and the teams of the agent, unless they are known.
func (p *Pages) addPlacements(ctx context.Context, agent uuid.UUID, work map[uuid.UUID]claim.Work, view *views.QueueView) (err error) {
	if view.Teams == nil {
		if view.Teams, err = p.Accounts.Teams(ctx, agent); err != nil {
			return err
		}
	}
	placed := map[uuid.UUID]ticket.Placement{}
	var actors []string
	for id, w := range work {
		if w.Placement != (ticket.Placement{}) {
			placed[id] = w.Placement
			actors = append(actors, w.Placement.By, ticket.Agent(w.Placement.To.Agent.String()))
		}
	}
	names, err := p.emailsOf(ctx, actors)
	if err != nil {
		return err
	}
	view.Placements = make(map[uuid.UUID]views.Placement, len(placed))
	for id, at := range placed {
		away := at.To.Agent != agent && !slices.Contains(view.Teams, at.To.Team)
		emails := map[uuid.UUID]string{at.To.Agent: names[ticket.Agent(at.To.Agent.String())]}
		shown := newPlacement(at, emails, away)
		shown.By = names[at.By]
		view.Placements[id] = shown
	}
	return nil
}
