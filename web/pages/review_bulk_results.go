package pages

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/claim"
	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// bulkState is what is known of tickets on which an agent worked together.
type bulkState struct {
	agent   uuid.UUID
	tickets map[uuid.UUID]ticket.Ticket
	pending map[uuid.UUID]ticket.PendingDecision
	claims  map[uuid.UUID]claim.Claim
	placed  map[uuid.UUID]ticket.Placement
	names   map[string]string
}

// bulkResults reads from the primary where each ticket stands.
func (p *Pages) bulkResults(r *http.Request, view views.BulkView, ids []uuid.UUID) ([]views.BulkResult, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	state, err := p.readBulkState(ticket.Fresh(r.Context()), request.Account(r).ID, ids)
	if err != nil {
		return nil, err
	}
	results := make([]views.BulkResult, len(ids))
	for i, id := range ids {
		results[i] = state.resultOf(view.Do, id)
		if results[i].Why != views.BulkNotSaved {
			continue
		}
		if view.Do == views.BulkReject && view.Row != "" && !p.hasRow(results[i].Ticket, view.Row) {
			results[i].Why = views.BulkNoRow
		}
		if view.Do != views.BulkApprove {
			continue
		}
		_, asked, err := p.Intake.ProposedGrant(r.Context(), results[i].Ticket)
		if err != nil {
			return nil, err
		}
		if asked {
			results[i].Why = views.BulkAsks
		}
	}
	return results, nil
}

func (p *Pages) readBulkState(ctx context.Context, agent uuid.UUID, ids []uuid.UUID) (s bulkState, err error) {
	s = bulkState{agent: agent, pending: map[uuid.UUID]ticket.PendingDecision{}}
	if s.tickets, err = p.readTickets(ctx, ids); err != nil {
		return s, err
	}
	pending, err := p.Desk.Pending(ctx, agent, ids...)
	if err != nil {
		return s, err
	}
	var actors []string
	for _, d := range pending {
		if !d.Undone {
			s.pending[d.TicketID] = d
			actors = append(actors, d.Decision.By)
		}
	}
	if s.claims, err = p.Claims.List(ctx, ids...); err != nil {
		return s, err
	}
	if s.placed, err = p.Claims.Placements(ctx, ids...); err != nil {
		return s, err
	}
	for _, held := range s.claims {
		actors = append(actors, ticket.Agent(held.Agent.String()))
	}
	for _, t := range s.tickets {
		actors = append(actors, t.ClosedBy())
	}
	s.names, err = p.emailsOf(ctx, actors)
	return s, err
}

// readTickets reads those of some tickets that there are.
func (p *Pages) readTickets(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]ticket.Ticket, error) {
	read := make([]ticket.Ticket, len(ids))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(bulkWorkers)
	for i, id := range ids {
		group.Go(func() (err error) {
			if read[i], err = p.Desk.Ticket(ctx, id); errors.Is(err, ticket.ErrNotFound) {
				return nil
			}
			return err
		})
	}
	err := group.Wait()
	found := make(map[uuid.UUID]ticket.Ticket, len(ids))
	for _, t := range read {
		if t.ID != uuid.Nil {
			found[t.ID] = t
		}
	}
	return found, err
}

// resultOf says whether a ticket stands as the agent wanted, and else why not.
func (s bulkState) resultOf(do string, id uuid.UUID) views.BulkResult {
	me := ticket.Agent(s.agent.String())
	t, known := s.tickets[id]
	d, pending := s.pending[id]
	held, claimed := s.claims[id]
	result := views.BulkResult{Ticket: t}
	switch mine := pending && d.Decision.By == me; {
	case !known:
		result.Ticket.ID, result.Why = id, views.BulkUnknown
	case mine && d.Decision.Status == views.BulkStatus(do):
		result.Done, result.Pending, result.Left = true, true, d.Left
	case !pending && t.Status == views.BulkStatus(do) && t.ClosedBy() == me,
		do == views.BulkHandOver && t.Status.Open() && s.placed[id].By == me && s.placed[id].To != (ticket.Receiver{}),
		do == views.BulkUndo && t.Status.Open() && !mine:
		result.Done = true
	case !t.Status.Open():
		result.Why, result.By = views.BulkClosed, s.nameOf(t.ClosedBy())
	case pending:
		result.Why, result.By = views.BulkPending, s.nameOf(d.Decision.By)
	case t.OwnedBy(s.agent.String()):
		result.Why = views.BulkOwn
	case claimed && held.Agent != s.agent:
		result.Why, result.By = views.BulkHeld, s.nameOf(ticket.Agent(held.Agent.String()))
	case s.placed[id].To != (ticket.Receiver{}):
		result.Why = views.BulkHandedOver
	default:
		result.Why = views.BulkNotSaved
	}
	return result
}

// nameOf is the e-mail address of an actor, or else the actor.
func (s bulkState) nameOf(actor string) string {
	if name := s.names[actor]; name != "" {
		return name
	}
	return actor
}
