// Package claim keeps agents' claims: leases on open tickets, so that two agents do not work on the same one.
package claim

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const leaseTime = 10 * time.Minute // how long a claim lasts unless it is renewed

// Claim is a lease on an open ticket: until it ends only its holder decides the ticket.
type Claim struct {
	Agent uuid.UUID
	Until time.Time
}

// Claims keeps claims in a database. It reads the primary only: with a claim that is not seen two agents do the same work.
type Claims struct {
	primary *pgxpool.Pool
	q       *db.Queries
}

// New keeps claims on the primary.
func New(primary *pgxpool.Pool) *Claims { return &Claims{primary: primary, q: db.New()} }

// Next claims the oldest open ticket that nobody holds, for an agent who is not its owner.
// It returns ticket.ErrNotFound when there is none.
func (c *Claims) Next(ctx context.Context, agent uuid.UUID) (uuid.UUID, error) {
	var id uuid.UUID
	err := pgx.BeginFunc(ctx, c.primary, func(tx pgx.Tx) (err error) {
		if err = c.q.ClaimLock(ctx, tx); err == nil {
			id, err = c.q.ClaimNext(ctx, tx, db.ClaimNextParams{AccountID: agent, LeaseMs: leaseTime.Milliseconds()})
		}
		return err
	})
	if postgres.IsNoRows(err) {
		return uuid.Nil, ticket.ErrNotFound
	}
	if err != nil {
		return uuid.Nil, postgres.WrapError("claim the next ticket", err)
	}
	return id, nil
}

// Take claims an open ticket, or renews the agent's claim, and returns until when. It returns ticket.ErrClaimed when another
// agent holds the ticket, ticket.ErrOwnTicket when the agent submitted it, and ticket.ErrDecided when it is closed.
func (c *Claims) Take(ctx context.Context, agent, id uuid.UUID) (Claim, error) {
	row, err := c.q.ClaimTake(ctx, c.primary, db.ClaimTakeParams{
		TicketID: id, AccountID: agent, LeaseMs: leaseTime.Milliseconds(),
	})
	if postgres.IsNoRows(err) {
		return Claim{}, c.explainRefusal(ctx, agent, id)
	}
	if err != nil {
		return Claim{}, postgres.WrapError("claim a ticket", err)
	}
	return fromRow(row), nil
}

// explainRefusal finds out why a ticket could not be claimed.
func (c *Claims) explainRefusal(ctx context.Context, agent, id uuid.UUID) error {
	row, err := c.q.TicketGet(ctx, c.primary, id)
	switch {
	case postgres.IsNoRows(err):
		return ticket.ErrNotFound
	case err != nil:
		return postgres.WrapError("read a ticket", err)
	case !ticket.Status(row.Status).Open():
		return ticket.ErrDecided
	case row.UserID == agent.String():
		return ticket.ErrOwnTicket
	default:
		return ticket.ErrClaimed
	}
}

// Release ends the agent's claim on a ticket; it is no error if the agent does not hold it.
func (c *Claims) Release(ctx context.Context, agent, id uuid.UUID) error {
	err := c.q.ClaimRelease(ctx, c.primary, db.ClaimReleaseParams{TicketID: id, AccountID: agent})
	if err != nil {
		return postgres.WrapError("release a ticket", err)
	}
	return nil
}

// List returns the claims on these tickets that have not ended, by ticket.
func (c *Claims) List(ctx context.Context, ids ...uuid.UUID) (map[uuid.UUID]Claim, error) {
	rows, err := c.q.ClaimList(ctx, c.primary, ids)
	if err != nil {
		return nil, postgres.WrapError("list claims", err)
	}
	claims := make(map[uuid.UUID]Claim, len(rows))
	for _, row := range rows {
		claims[row.TicketID] = fromRow(row)
	}
	return claims, nil
}

func fromRow(row db.Claim) Claim {
	return Claim{Agent: row.AccountID, Until: time.UnixMilli(row.UntilMs)}
}
