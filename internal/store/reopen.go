package store

import (
	"context"
	"time"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Reopen implements ticket.Desk.
func (s *Store) Reopen(ctx context.Context, r ticket.Reopening, attempts int) (ticket.Reopening, error) {
	ctx, cancel := detached(ctx)
	defer cancel()
	row, err := surely(ctx, func() (db.Reopening, error) {
		return s.q.ReopeningAdd(ctx, s.primary, db.ReopeningAddParams{
			UserID: r.UserID, ReopenedBy: r.By, Note: r.Note, Attempts: int32(attempts),
		})
	})
	if postgres.IsNoRows(err) {
		return s.reopened(ctx, r.UserID)
	}
	if err != nil {
		return ticket.Reopening{}, postgres.WrapError("reopen the door", err)
	}
	s.changed(ctx, r.UserID)
	return fromReopening(row), nil
}

// reopened is the reopening of the door that the user's last ticket closed, if it was opened before.
func (s *Store) reopened(ctx context.Context, userID string) (ticket.Reopening, error) {
	last, err := s.q.TicketLastOf(ctx, s.primary, userID)
	if postgres.IsNoRows(err) || err == nil && !last.Reopened {
		return ticket.Reopening{}, ticket.ErrNotFound
	}
	if err != nil {
		return ticket.Reopening{}, postgres.WrapError("find the last ticket", err)
	}
	all, err := s.Reopenings(ctx, userID)
	if err != nil || len(all) == 0 {
		return ticket.Reopening{}, err
	}
	return all[0], nil
}

// Reopenings implements ticket.Desk. It asks the primary: whoever was let in again is not to be sent away.
func (s *Store) Reopenings(ctx context.Context, userID string) ([]ticket.Reopening, error) {
	rows, err := s.q.ReopeningList(ctx, s.primary, userID)
	if err != nil {
		return nil, postgres.WrapError("list reopenings", err)
	}
	all := make([]ticket.Reopening, len(rows))
	for i, row := range rows {
		all[i] = fromReopening(row)
	}
	return all, nil
}

func fromReopening(r db.Reopening) ticket.Reopening {
	return ticket.Reopening{TicketID: r.TicketID, UserID: r.UserID, By: r.ReopenedBy, Note: r.Note, At: time.UnixMilli(r.AtMs)}
}
