package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"docket/internal/ticket"
	"docket/views"
)

// next takes the oldest ticket that nobody holds and goes to it.
func (s *Server) next(w http.ResponseWriter, r *http.Request) error {
	return s.goNext(w, r, uuid.Nil)
}

// goNext takes the next ticket and goes to it, or to the queue if none waits. decided is what was done before.
func (s *Server) goNext(w http.ResponseWriter, r *http.Request, decided uuid.UUID) error {
	id, err := s.Claims.Next(r.Context(), me(r).ID)
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

// claim takes hold of a ticket or keeps it. A page that is open keeps its ticket by asking again.
func (s *Server) claim(w http.ResponseWriter, r *http.Request) error {
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	_, err = s.Claims.Take(r.Context(), me(r).ID, id)
	if errors.Is(err, ticket.ErrHeld) || errors.Is(err, ticket.ErrDecided) {
		return s.conflict(w, r, id, err, views.Typed{})
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.ReviewTicketPath(id), http.StatusSeeOther)
	return nil
}

func (s *Server) release(w http.ResponseWriter, r *http.Request) error {
	id, err := ticketID(r)
	if err != nil {
		return err
	}
	if err := s.Claims.Release(r.Context(), me(r).ID, id); err != nil {
		return err
	}
	http.Redirect(w, r, views.ReviewPath(views.Filter{}), http.StatusSeeOther)
	return nil
}

// conflict shows a ticket as it stands to one who came too late, beside what they had typed.
func (s *Server) conflict(w http.ResponseWriter, r *http.Request, id uuid.UUID, why error, typed views.Typed) error {
	t, err := s.Desk.Ticket(ticket.Fresh(r.Context()), id)
	if err != nil {
		return err
	}
	requestOf(r.Context()).code = answerTo(why).code
	return s.showReview(w, r, http.StatusConflict, views.Review{Ticket: t, Typed: typed, Conflict: true})
}

// told is what became of the ticket that was decided just before; empty when the address names none.
func (s *Server) told(ctx context.Context, r *http.Request) string {
	id, err := uuid.Parse(r.URL.Query().Get("decided"))
	if err != nil {
		return ""
	}
	t, err := s.Desk.Ticket(ctx, id)
	if err != nil || t.Status.Open() {
		return ""
	}
	return views.Decided(s.formOf(ctx, t).In(s.words(r).Tag()), t)
}
