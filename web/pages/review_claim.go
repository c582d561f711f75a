package pages

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// Next takes the next ticket of a list and goes to it.
func (p *Pages) Next(w http.ResponseWriter, r *http.Request) error {
	list, err := p.readList(r)
	if err != nil {
		return err
	}
	return p.goNext(w, r, views.After{List: list.text}, list)
}

// goNext takes the next ticket of a list and goes to it, or to the list if none waits. after is what was done before.
func (p *Pages) goNext(w http.ResponseWriter, r *http.Request, after views.After, list workList) error {
	id, err := p.takeNext(r.Context(), request.Account(r).ID, list)
	switch {
	case errors.Is(err, ticket.ErrNotFound):
		http.Redirect(w, r, views.EmptyQueuePath(after), http.StatusSeeOther)
	case errors.Is(err, ticket.ErrTooManyHeld) && after.Ticket != uuid.Nil: // something was done, which is not to look refused
		http.Redirect(w, r, views.HeldPath(after), http.StatusSeeOther)
	case errors.Is(err, ticket.ErrTooManyHeld):
		return p.showHeld(w, r)
	case err != nil:
		return err
	default:
		http.Redirect(w, r, views.NextTicketPath(id, after), http.StatusSeeOther)
	}
	return nil
}

// Claim takes hold of a ticket or keeps it. A page that is open keeps its ticket by asking again.
func (p *Pages) Claim(w http.ResponseWriter, r *http.Request) error {
	id, list, err := p.readTicket(r)
	if err != nil {
		return err
	}
	_, err = p.Claims.Take(r.Context(), request.Account(r).ID, id)
	switch {
	case errors.Is(err, ticket.ErrClaimed), errors.Is(err, ticket.ErrDecided), errors.Is(err, ticket.ErrHandedOver):
		return p.showConflict(w, r, id, err, views.Review{List: list.text})
	case errors.Is(err, ticket.ErrTooManyHeld):
		return p.showHeld(w, r)
	case err != nil:
		return err
	}
	http.Redirect(w, r, views.TicketListPath(id, list.text), http.StatusSeeOther)
	return nil
}

// Release gives up an agent's claim on a ticket and goes back to the list.
func (p *Pages) Release(w http.ResponseWriter, r *http.Request) error {
	id, list, err := p.readTicket(r)
	if err != nil {
		return err
	}
	done, err := p.release(r.Context(), request.Account(r).ID, id)
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.ListPath(views.After{Ticket: id, Done: done, List: list.text}), http.StatusSeeOther)
	return nil
}

// release ends an agent's claim on a ticket and says what came of it: one of views.DoneNames.
func (p *Pages) release(ctx context.Context, agent, id uuid.UUID) (done string, err error) {
	if released, err := p.Claims.Release(ctx, agent, id); err != nil || released {
		return "released", err
	}
	held, err := p.Claims.List(ctx, id)
	if len(held) > 0 {
		return "held_by_other", err
	}
	return "held_by_nobody", err
}

// showConflict shows a ticket as it is now to an agent whose decision was not saved, with what they had typed.
func (p *Pages) showConflict(w http.ResponseWriter, r *http.Request, id uuid.UUID, cause error, view views.Review) error {
	t, err := p.Desk.Ticket(ticket.Fresh(r.Context()), id)
	if err != nil {
		return err
	}
	request.RecordOf(r.Context()).Code = string(problem.Of(cause).Code)
	view.Ticket, view.Conflict = t, true
	return p.showReview(w, r, http.StatusConflict, view)
}
