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

// stepsOpenTo returns which of the steps of tickets an agent may give now; of everybody, those that every agent may give of the same role
// and teams, but for those whom namedInSteps returns.
func (p *Pages) stepsOpenTo(ctx context.Context, agent account.Account, teams []string, steps map[uuid.UUID][]ticket.Step) (map[uuid.UUID]int, error) {
	switch {
	case len(steps) == 0:
		return nil, nil
	case agent.ID != p.everybody:
		return p.Opinions.StepsOpenTo(ctx, ticket.Agent(agent.ID.String()), slices.Collect(maps.Keys(steps))...)
	}
	open := map[uuid.UUID]int{}
	for id, all := range steps {
		for _, step := range all {
			if step.Waits() && (agent.Role.Administers() || step.AsksTeam(teams, p.Now())) {
				open[id] = step.Number
			}
		}
	}
	return open, nil
}

// namedInSteps are the agents and e-mail addresses to whom steps of tickets are open, or are not, for another reason than their role and
// teams: a step names them, they have given one, or the ticket is theirs.
func namedInSteps(tickets []ticket.Ticket, steps map[uuid.UUID][]ticket.Step) (names []string) {
	for _, t := range tickets {
		for _, step := range steps[t.ID] {
			names = append(names, ticket.Agent(t.UserID), step.Email, step.Decision.By)
		}
	}
	return names
}

const mostStepPages = 10 // that are read of a list for one of which the agent can decide every ticket

// queueOpenTo is a page of the queue. Where tickets have steps, it leaves out those whose step does not ask the agent, and reads on until
// the page is full; named are those for whom the page may differ from that of others with the same role and teams.
func (p *Pages) queueOpenTo(ctx context.Context, agent account.Account, teams []string, q ticket.Query) (page ticket.List, named []string, err error) {
	if len(p.Form.Steps) == 0 || !q.Status.Open() {
		page, err = p.Desk.Queue(ctx, q)
		return page, nil, err
	}
	for range mostStepPages {
		list, err := p.Desk.Queue(ctx, q)
		if err != nil {
			return page, nil, err
		}
		steps, err := p.Opinions.Steps(ctx, ticketIDs(list.Tickets)...)
		if err != nil {
			return page, nil, err
		}
		open, err := p.stepsOpenTo(ctx, agent, teams, steps)
		if err != nil {
			return page, nil, err
		}
		named = append(named, namedInSteps(list.Tickets, steps)...)
		for i, t := range list.Tickets {
			if len(steps[t.ID]) > 0 && open[t.ID] == 0 {
				continue
			}
			if page.Tickets = append(page.Tickets, t); len(page.Tickets) == q.Limit && (i+1 < len(list.Tickets) || !list.Next.IsZero()) {
				page.Next = q.CursorOf(t)
				return page, named, nil
			}
		}
		if page.Next = list.Next; page.Next.IsZero() {
			break
		}
		q.After = list.Next
	}
	return page, named, nil
}

// stepGivenText says that the agent has given a step of a ticket, or an opinion, and what comes next; "" when they have given none.
func (p *Pages) stepGivenText(r *http.Request, t ticket.Ticket) (string, error) {
	opinions, steps, err := p.Opinions.ListWithSteps(r.Context(), t.ID)
	by := request.ActorOf(request.Account(r))
	switch {
	case err != nil:
		return "", err
	case slices.ContainsFunc(steps[t.ID], func(s ticket.Step) bool { return s.Decision.By == by }):
		return views.StepGivenText(p.siteOf(r, t), t, steps[t.ID]), nil
	case slices.ContainsFunc(opinions[t.ID], func(o ticket.Opinion) bool { return o.Decision.By == by }):
		return views.OpinionGivenText(p.siteOf(r, t), t), nil
	}
	return "", nil
}
