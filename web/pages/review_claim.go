package pages

import (
	"errors"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// Next takes the oldest ticket that nobody holds and goes to it.
func (p *Pages) Next(w http.ResponseWriter, r *http.Request) error {
	return p.goNext(w, r, uuid.Nil)
}

// goNext takes the next ticket and goes to it, or to the queue if none waits. decided is what was done before.
func (p *Pages) goNext(w http.ResponseWriter, r *http.Request, decided uuid.UUID) error {
	id, err := p.Claims.Next(r.Context(), request.Account(r).ID)
	switch {
	case errors.Is(err, ticket.ErrNotFound):
		http.Redirect(w, r, views.EmptyQueuePath(decided), http.StatusSeeOther)
	case err != nil:
		return err
	default:
		http.Redirect(w, r, views.NextTicketPath(id, decided), http.StatusSeeOther)
	}
	return nil
}

// Claim takes hold of a ticket or keeps it. A page that is open keeps its ticket by asking again.
func (p *Pages) Claim(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	_, err = p.Claims.Take(r.Context(), request.Account(r).ID, id)
	if errors.Is(err, ticket.ErrClaimed) || errors.Is(err, ticket.ErrDecided) {
		return p.showConflict(w, r, id, err, views.Review{})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.ReviewTicketPath(id), http.StatusSeeOther)
	return nil
}

// Release gives up an agent's claim on a ticket.
func (p *Pages) Release(w http.ResponseWriter, r *http.Request) error {
	id, err := request.TicketID(r)
	if err != nil {
		return err
	}
	if err := p.Claims.Release(r.Context(), request.Account(r).ID, id); err != nil {
		return err
	}
	http.Redirect(w, r, views.ReviewPath(views.Filter{}), http.StatusSeeOther)
	return nil
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
