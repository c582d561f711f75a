package pages

import (
	"context"

	"docket/views"
)

// addArchived adds what the archive has of a ticket of its own: what agents did with it and thought of it. Nobody changes it.
func (p *Pages) addArchived(ctx context.Context, view *views.Review) error {
	t := view.Ticket
	if !t.Archived {
		return nil
	}
	history, err := p.Archive.History(ctx, t.ID)
	if err != nil {
		return err
	}
	view.Notes, view.Look, view.Steps.All = history.TicketNotes(), history.SecondLook(t.ID), history.TicketSteps(t.ID)
	if len(view.Steps.All) == 0 {
		view.Opinions = views.Opinions{Needed: view.Opinions.Needed, Known: history.TicketOpinions(t.ID)}
	}
	view.ClosesResubmission = false
	return nil
}
