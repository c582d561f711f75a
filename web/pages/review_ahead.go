package pages

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/google/uuid"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// Ahead claims the ticket that comes next while the agent decides another one, and answers with its pictures, which the page loads before
// they are asked for. It answers 204 when there is none, or the agent holds as many as one may.
func (p *Pages) Ahead(w http.ResponseWriter, r *http.Request) error {
	ctx, agent := r.Context(), request.Account(r).ID
	list, err := p.readList(r)
	if err != nil {
		return err
	}
	if list.query.Place.Tab == ticket.Mine { // those are claimed
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	id, err := p.Claims.Ahead(ctx, agent, list.text, func(ctx context.Context) (uuid.UUID, error) { return p.nextOf(ctx, agent, list) })
	if errors.Is(err, ticket.ErrNotFound) || errors.Is(err, ticket.ErrTooManyHeld) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if err != nil {
		return err
	}
	t, err := p.Desk.Ticket(ctx, id)
	if err != nil {
		return err
	}
	named, err := p.Files.OfTicket(ctx, id)
	if err != nil {
		return err
	}
	view := views.Review{Ticket: t, Files: map[string]views.Measurements{}}
	for _, file := range slices.Concat(slices.Collect(maps.Values(named))...) {
		view.Files[file.ID.String()] = p.measurementsView(file)
	}
	pictures := views.PicturesAhead(p.siteOf(r, t), view)
	return p.render(w, r, http.StatusOK, pictures, pictures)
}

// ReleaseAhead gives back the ticket that comes next: the agent has left, or does nothing.
func (p *Pages) ReleaseAhead(w http.ResponseWriter, r *http.Request) error {
	if err := p.Claims.DropAhead(r.Context(), request.Account(r).ID); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// takeNext takes the ticket of a list that is claimed ahead, or else the next one.
func (p *Pages) takeNext(ctx context.Context, agent uuid.UUID, list workList) (uuid.UUID, error) {
	id, err := p.Claims.TakeAhead(ctx, agent, list.text)
	if errors.Is(err, ticket.ErrNotFound) {
		return p.nextOf(ctx, agent, list)
	}
	return id, err
}
