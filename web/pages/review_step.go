package pages

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// addSteps adds the steps of a ticket, and which of them the agent may give now.
func (p *Pages) addSteps(r *http.Request, view *views.Review) error {
	id := view.Ticket.ID
	steps, err := p.Opinions.Steps(r.Context(), id)
	if err != nil || len(steps[id]) == 0 {
		return err
	}
	view.Steps.All = steps[id]
	if !view.Ticket.Status.Open() {
		return nil
	}
	open, err := p.Opinions.StepsOpenTo(r.Context(), request.ActorOf(request.Account(r)), id)
	view.Steps.Mine = open[id]
	return err
}

// addStepMarks says at which steps the tickets of a list are, and returns which of them the agent may give now.
func (p *Pages) addStepMarks(ctx context.Context, agent account.Account, view *views.QueueView) (mine map[uuid.UUID]int, err error) {
	if view.Steps, err = p.Opinions.Steps(ctx, ticketIDs(view.List.Tickets)...); err != nil || len(view.Steps) == 0 {
		return nil, err
	}
	ids := make([]uuid.UUID, 0, len(view.Steps))
	for id := range view.Steps {
		ids = append(ids, id)
	}
	return p.Opinions.StepsOpenTo(ctx, ticket.Agent(agent.ID.String()), ids...)
}
