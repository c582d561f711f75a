package store

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const leaseTime = 10 * time.Minute // how long a claim runs unless it is kept

// Next implements ticket.Desk.
func (s *Store) Next(ctx context.Context, agent uuid.UUID) (uuid.UUID, error) {
	var id uuid.UUID
	err := pgx.BeginFunc(ctx, s.primary, func(tx pgx.Tx) (err error) {
		if err = s.q.ClaimLock(ctx, tx); err == nil {
			id, err = s.q.ClaimNext(ctx, tx, db.ClaimNextParams{AccountID: agent, LeaseMs: leaseTime.Milliseconds()})
		}
		return err
	})
	if postgres.IsNoRows(err) {
		return uuid.Nil, ticket.ErrNotFound
	}
	if err != nil {
		return uuid.Nil, postgres.WrapError("take the next ticket", err)
	}
	return id, nil
}

// Claim implements ticket.Desk.
func (s *Store) Claim(ctx context.Context, agent, id uuid.UUID) (ticket.Claim, error) {
	row, err := s.q.ClaimTake(ctx, s.primary, db.ClaimTakeParams{
		TicketID: id, AccountID: agent, LeaseMs: leaseTime.Milliseconds(),
	})
	if postgres.IsNoRows(err) {
		return ticket.Claim{}, s.unclaimed(ctx, agent, id)
	}
	if err != nil {
		return ticket.Claim{}, postgres.WrapError("claim a ticket", err)
	}
	return fromClaim(row), nil
}

// unclaimed finds out why a ticket could not be taken.
func (s *Store) unclaimed(ctx context.Context, agent, id uuid.UUID) error {
	t, err := s.Ticket(ticket.Fresh(ctx), id)
	switch {
	case err != nil:
		return err
	case !t.Status.Open():
		return ticket.ErrDecided
	case t.OwnedBy(agent.String()):
		return ticket.ErrOwnTicket
	default:
		return ticket.ErrHeld
	}
}

// Release implements ticket.Desk.
func (s *Store) Release(ctx context.Context, agent, id uuid.UUID) error {
	err := s.q.ClaimRelease(ctx, s.primary, db.ClaimReleaseParams{TicketID: id, AccountID: agent})
	if err != nil {
		return postgres.WrapError("release a ticket", err)
	}
	return nil
}

// Claims implements ticket.Desk. It asks the primary: a claim that is not seen makes two people do the same work.
func (s *Store) Claims(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]ticket.Claim, error) {
	rows, err := s.q.ClaimList(ctx, s.primary, ids)
	if err != nil {
		return nil, postgres.WrapError("list claims", err)
	}
	claims := make(map[uuid.UUID]ticket.Claim, len(rows))
	for _, row := range rows {
		claims[row.TicketID] = fromClaim(row)
	}
	return claims, nil
}

func fromClaim(r db.Claim) ticket.Claim {
	return ticket.Claim{Agent: r.AccountID, Until: time.UnixMilli(r.UntilMs)}
}
