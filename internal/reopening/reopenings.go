// Package reopening keeps reopenings: permissions of an admin for a user to submit again after a rejection that had
// closed resubmission.
package reopening

import (
	"context"
	"time"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

// Reopenings keeps reopenings in a database. It reads the primary only: a user who may submit again must not be refused.
type Reopenings struct {
	primary *postgres.Pool
	publish func(context.Context, ticket.Change)
	q       *db.Queries
}

// New keeps reopenings on the primary, and tells publish of each.
func New(primary *postgres.Pool, publish func(context.Context, ticket.Change)) *Reopenings {
	return &Reopenings{primary: primary, publish: publish, q: db.New()}
}

// Add lets a user submit again although a final rejection, or the last of so many attempts, closed resubmission. It
// returns ticket.ErrNotFound when resubmission is not closed. Repeating it returns the first reopening.
func (s *Reopenings) Add(ctx context.Context, r ticket.Reopening, attempts int) (ticket.Reopening, error) {
	ctx, cancel := postgres.DetachWrite(ctx, s.primary)
	defer cancel()
	row, err := postgres.RetryIfOutcomeUnknown(ctx, func() (db.Reopening, error) {
		return s.q.ReopeningAdd(ctx, s.primary, db.ReopeningAddParams{
			UserID: r.UserID, ReopenedBy: r.By, Note: r.Note, Attempts: int32(attempts),
		})
	})
	if postgres.IsNoRows(err) {
		return s.findExisting(ctx, r.UserID)
	}
	if err != nil {
		return ticket.Reopening{}, postgres.WrapError("reopen resubmission", err)
	}
	s.publish(ctx, ticket.Change{UserID: r.UserID})
	return fromRow(row), nil
}

// findExisting is the reopening after the user's last ticket.
func (s *Reopenings) findExisting(ctx context.Context, userID string) (ticket.Reopening, error) {
	last, err := s.q.TicketLastOf(ctx, s.primary, db.TicketLastOfParams{UserID: userID})
	if postgres.IsNoRows(err) || err == nil && !last.Reopened {
		return ticket.Reopening{}, ticket.ErrNotFound
	}
	if err != nil {
		return ticket.Reopening{}, postgres.WrapError("find the last ticket", err)
	}
	all, err := s.List(ctx, userID)
	if err != nil || len(all) == 0 {
		return ticket.Reopening{}, err
	}
	return all[0], nil
}

// List returns the reopenings of a user, newest first.
func (s *Reopenings) List(ctx context.Context, userID string) ([]ticket.Reopening, error) {
	rows, err := s.q.ReopeningList(ctx, s.primary, userID)
	if err != nil {
		return nil, postgres.WrapError("list reopenings", err)
	}
	all := make([]ticket.Reopening, len(rows))
	for i, row := range rows {
		all[i] = fromRow(row)
	}
	return all, nil
}

func fromRow(r db.Reopening) ticket.Reopening {
	return ticket.Reopening{TicketID: r.TicketID, UserID: r.UserID, By: r.ReopenedBy, Note: r.Note, At: time.UnixMilli(r.AtMs)}
}
