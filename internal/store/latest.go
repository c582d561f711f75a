package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const readRounds = 4 // of look-ups in one database at a time

// readLatest reads the latest approvals of users; nil for those who have none.
func (s *Store) readLatest(ctx context.Context, on db.DBTX, users []string) ([]*db.UserTicket, error) {
	rows, err := s.q.LatestList(ctx, on, users)
	found := make(map[string]*db.UserTicket, len(rows))
	for i := range rows {
		found[rows[i].UserID] = &rows[i]
	}
	latest := make([]*db.UserTicket, len(users))
	for i, user := range users {
		latest[i] = found[user]
	}
	return latest, err
}

// Latest implements ticket.Desk.
func (s *Store) Latest(ctx context.Context, userID string) (ticket.Approval, error) {
	row, err := read(ctx, s, func(ctx context.Context, on db.DBTX) (*db.UserTicket, error) {
		row, err := s.latest[on].of(ctx, userID)
		if err == nil && row == nil {
			err = pgx.ErrNoRows
		}
		return row, err
	})
	if postgres.IsNoRows(err) {
		return ticket.Approval{}, ticket.ErrNotFound
	}
	if err != nil {
		return ticket.Approval{}, postgres.WrapError("read the latest approval", err)
	}
	return ticket.Approval{
		UserID: row.UserID, TicketID: row.TicketID, Extra: row.Extra, DecidedBy: row.DecidedBy,
		CreatedAt: time.UnixMilli(row.CreatedAtMs), UpdatedAt: time.UnixMilli(row.UpdatedAtMs),
	}, nil
}
