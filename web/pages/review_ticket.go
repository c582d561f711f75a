package pages

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/audit"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

const maxOtherTickets = 20 // of the user, shown beside a ticket

// Review shows a ticket with all that is needed to decide it.
func (p *Pages) Review(w http.ResponseWriter, r *http.Request) error {
	id, list, err := p.readTicket(r)
	if err != nil {
		return err
	}
	t, err := p.Desk.Ticket(r.Context(), id)
	if err != nil {
		return err
	}
	return p.showReview(w, r, http.StatusOK, views.Review{Ticket: t, List: list.text})
}

// showReview adds what an agent sees beside a ticket: what was before, and what the agent can do with it now.
func (p *Pages) showReview(w http.ResponseWriter, r *http.Request, status int, view views.Review) error {
	if err := p.addPast(r, &view); err != nil {
		return err
	}
	if err := p.addActions(r, &view); err != nil {
		return err
	}
	if err := p.Audit.Record(r.Context(), request.NewEntry(r, openingOf(view), audit.TicketObject(view.Ticket.ID))); err != nil {
		return err
	}
	if err := p.addSamePerson(r.Context(), p.formFor(r), &view); err != nil {
		return err
	}
	p.addMeasurements(r.Context(), &view)
	view.UserForm = p.Form.In(view.Ticket.Language)
	site := p.siteOf(r, view.Tickets()...)
	p.addWorkload(r, &site)
	return p.render(w, r, status, views.ReviewTicketPage(site, view), views.ReviewTicket(site, view))
}

// addPast adds what has become of a ticket so far: its history, notes and opinions, with names, and the user's other tickets.
func (p *Pages) addPast(r *http.Request, view *views.Review) (err error) {
	ctx, t := r.Context(), view.Ticket
	if view.History, err = p.Desk.History(ctx, t.ID); err != nil {
		return err
	}
	own, err := p.Desk.TicketsOf(ctx, t.UserID, ticket.Page{Limit: maxOtherTickets + 1})
	if err != nil {
		return err
	}
	for _, other := range own.Tickets {
		if other.ID != t.ID && len(view.OtherTickets) < maxOtherTickets {
			view.OtherTickets = append(view.OtherTickets, other)
		}
	}
	if err := p.addAttempts(ctx, own, view); err != nil {
		return err
	}
	if err := p.addOpinions(r, view); err != nil {
		return err
	}
	if err := p.addLook(ctx, view); err != nil {
		return err
	}
	if view.Notes, err = p.Claims.Notes(ctx, t.ID); err != nil {
		return err
	}
	if err := p.addArchived(ctx, view); err != nil {
		return err
	}
	view.Names, err = p.accountNames(ctx, *view)
	return err
}

// addActions adds what the agent can do with a ticket, and who holds it.
func (p *Pages) addActions(r *http.Request, view *views.Review) (err error) {
	ctx, t := r.Context(), view.Ticket
	view.Own = t.OwnedBy(request.UserID(r))
	view.MayRevoke = t.Status == ticket.Approved && !t.Erased() && !t.Archived && !view.Own && p.mayRevoke(r)
	if err := p.addWork(ctx, request.Account(r), view); err != nil {
		return err
	}
	if t.Status.Open() {
		if view.Receivers, err = p.receivers(ctx, request.Account(r).Email); err != nil {
			return err
		}
	}
	pending, err := p.Desk.Pending(ctx, request.Account(r).ID, t.ID)
	if err != nil {
		return err
	}
	if err := p.addPending(r, pending, view); err != nil {
		return err
	}
	if err := p.addGrant(r, view); err != nil {
		return err
	}
	view.Toast, err = p.toast(r, pending, t.ID)
	return err
}

// openingOf is what the audit says of a ticket that is shown.
func openingOf(view views.Review) audit.Action {
	if view.Ticket.Status.Open() && !view.HeldByMe {
		return audit.UnclaimedOpened
	}
	return audit.TicketOpened
}

// addAttempts adds the previous attempt, whether there is a later one, and whether the ticket closed resubmission and when an admin allowed
// it again.
func (p *Pages) addAttempts(ctx context.Context, own ticket.List, view *views.Review) (err error) {
	t := view.Ticket
	if t.Previous != uuid.Nil {
		previous, err := p.Desk.Ticket(ctx, t.Previous)
		if err != nil {
			return err
		}
		view.Previous = &previous
	}
	if view.Reopenings, err = p.Reopenings.List(ctx, t.UserID); err != nil {
		return err
	}
	last := len(own.Tickets) > 0 && own.Tickets[0].ID == t.ID
	view.ClosesResubmission = p.Form.OneOpen && last && t.ClosesResubmission(p.Form.Attempts) &&
		!reopens(view.Reopenings, t)
	view.Replaced = p.Form.FollowsLast() && !last
	return nil
}

// accountNames are the e-mail addresses of the accounts that a review names.
func (p *Pages) accountNames(ctx context.Context, view views.Review) (map[string]string, error) {
	var actors []string
	add := func(actor string) { actors = append(actors, actor) }
	for _, event := range view.History {
		add(event.Actor)
	}
	for _, t := range append(view.OtherTickets, view.Ticket) {
		add(t.Decision.By)
		add(t.Revocation.By)
	}
	if view.Previous != nil {
		add(view.Previous.Decision.By)
	}
	for _, step := range view.Steps.All {
		add(step.Decision.By)
	}
	for _, o := range view.Opinions.Known {
		add(o.Decision.By)
	}
	add(view.Look.Second.By)
	for _, opened := range view.Reopenings {
		add(opened.By)
	}
	for _, note := range view.Notes {
		add(note.Actor)
		add(ticket.Agent(note.To.Agent.String()))
	}
	add(ticket.User(view.Ticket.UserID))
	return p.emailsOf(ctx, actors)
}

// emailsOf are the e-mail addresses of those actors who have an account.
func (p *Pages) emailsOf(ctx context.Context, actors []string) (map[string]string, error) {
	actorsByID := map[uuid.UUID][]string{}
	for _, actor := range actors {
		_, text := ticket.ActorID(actor)
		if id, err := uuid.Parse(text); err == nil {
			actorsByID[id] = append(actorsByID[id], actor)
		}
	}
	ids := make([]uuid.UUID, 0, len(actorsByID))
	for id := range actorsByID {
		ids = append(ids, id)
	}
	emails, err := p.Accounts.Emails(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for id, email := range emails {
		for _, actor := range actorsByID[id] {
			names[actor] = email
		}
	}
	return names, nil
}
