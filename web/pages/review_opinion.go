package pages

import (
	"context"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

const mostDisagreed = 100 // tickets in one list

// addOpinions adds what the agent may know of the opinions of a ticket: of an open one nothing before they have given their own, unless
// they are the admin who decides between two.
func (p *Pages) addOpinions(r *http.Request, view *views.Review) error {
	t := view.Ticket
	all, steps, err := p.Opinions.ListWithSteps(r.Context(), t.ID)
	if err != nil {
		return err
	}
	if err := p.addSteps(r, steps[t.ID], view); err != nil || len(view.Steps.All) > 0 {
		return err
	}
	given, agent := all[t.ID], request.Account(r)
	by := ticket.Agent(agent.ID.String())
	mine := slices.ContainsFunc(given, func(o ticket.Opinion) bool { return o.Decision.By == by })
	shown := views.Opinions{
		Needed: p.Intake.NeedsSecondOf(t), First: len(given) == 1, Disagreed: len(given) > 1,
		Waits: t.Status.Open() && (mine || len(given) > 1 && !agent.Role.Administers()),
	}
	if !t.Status.Open() || mine || shown.Disagreed && agent.Role.Administers() {
		shown.Known = given
	}
	view.Opinions = shown
	return nil
}

// addOpinionMarks leaves the tickets out of the queue that only somebody else can decide, and marks those that have opinions. It returns
// who has given them.
func (p *Pages) addOpinionMarks(ctx context.Context, agent account.Account, view *views.QueueView) (givers []string, err error) {
	if view.Filter.Status != ticket.Processing || len(view.Asked) == 0 {
		return nil, nil
	}
	opinions, steps, err := p.Opinions.ListWithSteps(ctx, view.Asked...)
	if err != nil {
		return nil, err
	}
	marks, by := map[uuid.UUID]string{}, ticket.Agent(agent.ID.String())
	view.Steps = steps
	mine, err := p.stepsOpenTo(ctx, agent, view.Teams, steps)
	if err != nil {
		return nil, err
	}
	givers = namedInSteps(view.List.Tickets, steps)
	for _, given := range opinions {
		for _, o := range given {
			givers = append(givers, o.Decision.By)
		}
	}
	view.List.Tickets = slices.DeleteFunc(view.List.Tickets, func(t ticket.Ticket) bool {
		given := opinions[t.ID]
		switch {
		case len(view.Steps[t.ID]) > 0:
			return mine[t.ID] == 0
		case slices.ContainsFunc(given, func(o ticket.Opinion) bool { return o.Decision.By == by }):
			return true
		case len(given) > 1:
			marks[t.ID] = "opinion.disagreed"
			return !agent.Role.Administers()
		case len(given) > 0:
			marks[t.ID] = "opinion.second"
		}
		return false
	})
	view.Marks = marks
	return givers, nil
}

// Disagreed lists the tickets of which two agents think differently, for admins.
func (p *Pages) Disagreed(w http.ResponseWriter, r *http.Request) error {
	view := views.QueueView{Filter: views.Filter{Status: ticket.Processing}, Disagreed: true, Here: r.URL.RequestURI()}
	if err := p.fillDisagreed(r.Context(), &view); err != nil {
		return err
	}
	if err := p.recordCount(r, audit.ListShown, "", int64(len(view.List.Tickets)+len(view.Differing))); err != nil {
		return err
	}
	site := p.siteOf(r, append(ticketsOf(view.Differing), view.List.Tickets...)...)
	return p.render(w, r, http.StatusOK, views.DisagreedPage(site, view), views.Disagreed(site, view))
}

func (p *Pages) fillDisagreed(ctx context.Context, view *views.QueueView) error {
	ids, err := p.Opinions.Disagreed(ctx, mostDisagreed)
	if err != nil {
		return err
	}
	for _, id := range ids {
		t, err := p.Desk.Ticket(ticket.Fresh(ctx), id)
		if err != nil {
			return err
		}
		view.List.Tickets = append(view.List.Tickets, t)
	}
	if view.Holders, err = p.holders(ctx, view.List.Tickets); err != nil {
		return err
	}
	return p.addDiffering(ctx, view)
}
