package pages

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

const (
	earlierMost = 20 // how many of a user's other tickets are shown beside one
)

func (p *Pages) Review(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	t, err := p.Desk.Ticket(r.Context(), id)
	if err != nil {
		return err
	}
	notice, err := p.lastDecision(r)
	if err != nil {
		return err
	}
	return p.showReview(w, r, http.StatusOK, views.Review{Ticket: t, Notice: notice})
}

// showReview adds what belongs beside a ticket: its history, the user's other tickets, and names.
func (p *Pages) showReview(w http.ResponseWriter, r *http.Request, status int, view views.Review) (err error) {
	ctx, t := r.Context(), view.Ticket
	if view.History, err = p.Desk.History(ctx, t.ID); err != nil {
		return err
	}
	own, err := p.Desk.TicketsOf(ctx, t.UserID, ticket.Page{Limit: earlierMost + 1})
	if err != nil {
		return err
	}
	for _, other := range own.Tickets {
		if other.ID != t.ID && len(view.Earlier) < earlierMost {
			view.Earlier = append(view.Earlier, other)
		}
	}
	if err := p.addPast(ctx, own, &view); err != nil {
		return err
	}
	if view.Names, err = p.names(ctx, view); err != nil {
		return err
	}
	view.Own = t.OwnedBy(request.UserID(r))
	if err := p.hold(ctx, request.Account(r).ID, &view); err != nil {
		return err
	}
	p.measure(ctx, &view)
	view.Letter = p.Form.In(t.Language)
	site := p.siteOf(r, view.Tickets()...)
	return p.render(w, r, status, views.ReviewTicketPage(site, view), views.ReviewTicket(site, view))
}

// addPast adds the attempt before, and whether and when the door was closed and opened.
func (p *Pages) addPast(ctx context.Context, own ticket.List, view *views.Review) (err error) {
	t := view.Ticket
	if t.Previous != uuid.Nil {
		before, err := p.Desk.Ticket(ctx, t.Previous)
		if err != nil {
			return err
		}
		view.Previous = &before
	}
	if view.Reopened, err = p.Reopenings.List(ctx, t.UserID); err != nil {
		return err
	}
	last := len(own.Tickets) > 0 && own.Tickets[0].ID == t.ID
	view.Closed = p.Form.OneOpen && last && t.ClosesResubmission(p.Form.Attempts) &&
		!letIn(view.Reopened, t)
	return nil
}

// hold adds who holds the ticket.
func (p *Pages) hold(ctx context.Context, agent uuid.UUID, view *views.Review) error {
	claims, err := p.Claims.List(ctx, view.Ticket.ID)
	if err != nil {
		return err
	}
	held, ok := claims[view.Ticket.ID]
	if !ok || !view.Ticket.Status.Open() {
		return nil
	}
	view.Mine, view.HeldUntil = held.Agent == agent, held.Until
	if !view.Mine {
		emails, err := p.Accounts.Emails(ctx, []uuid.UUID{held.Agent})
		if err != nil {
			return err
		}
		view.HeldBy = emails[held.Agent]
	}
	return nil
}

// names finds the addresses of the accounts that a ticket speaks of.
func (p *Pages) names(ctx context.Context, view views.Review) (map[string]string, error) {
	var actors []string
	add := func(actor string) { actors = append(actors, actor) }
	for _, event := range view.History {
		add(event.Actor)
	}
	for _, t := range append(view.Earlier, view.Ticket) {
		add(t.Decision.By)
	}
	if view.Previous != nil {
		add(view.Previous.Decision.By)
	}
	for _, opened := range view.Reopened {
		add(opened.By)
	}
	add(ticket.User(view.Ticket.UserID))
	return p.emails(ctx, actors)
}

// emails are the addresses of those actors who have an account.
func (p *Pages) emails(ctx context.Context, actors []string) (map[string]string, error) {
	spoken := map[uuid.UUID][]string{}
	for _, actor := range actors {
		_, text := ticket.ActorID(actor)
		if id, err := uuid.Parse(text); err == nil {
			spoken[id] = append(spoken[id], actor)
		}
	}
	ids := make([]uuid.UUID, 0, len(spoken))
	for id := range spoken {
		ids = append(ids, id)
	}
	emails, err := p.Accounts.Emails(ctx, ids)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for id, email := range emails {
		for _, actor := range spoken[id] {
			names[actor] = email
		}
	}
	return names, nil
}
