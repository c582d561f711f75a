package pages

import (
	"context"
	"maps"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// addSteps adds the steps of a ticket, and which of them the agent may give now.
func (p *Pages) addSteps(r *http.Request, steps []ticket.Step, view *views.Review) error {
	view.Steps.All = steps
	if len(steps) == 0 || !view.Ticket.Status.Open() {
		return nil
	}
	open, err := p.Opinions.StepsOpenTo(r.Context(), request.ActorOf(request.Account(r)), view.Ticket.ID)
	view.Steps.Mine = open[view.Ticket.ID]
	return err
}

// addStepMarks says at which steps the tickets of a list are, and returns which of them the agent may give now.
func (p *Pages) addStepMarks(ctx context.Context, agent account.Account, steps map[uuid.UUID][]ticket.Step, view *views.QueueView) (map[uuid.UUID]int, error) {
	view.Steps = steps
	if len(steps) == 0 {
		return nil, nil
	}
	return p.Opinions.StepsOpenTo(ctx, ticket.Agent(agent.ID.String()), slices.Collect(maps.Keys(steps))...)
}
