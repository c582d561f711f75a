package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const readBatches = 4 // of look-ups in one database at a time

// latestBatch reads the latest approvals of users; nil for those who have none and never had one that was removed.
func (r *Reader) latestBatch(ctx context.Context, on db.DBTX, users []string) ([]*db.LatestListRow, error) {
	rows, err := r.q.LatestList(ctx, on, users)
	return newestOf(rows, users), err
}

// newestOf is the newest row of each of some users; nil for those who have none.
func newestOf(rows []db.LatestListRow, users []string) []*db.LatestListRow {
	found := make(map[string]*db.LatestListRow, len(rows))
	for i := range rows {
		if other := found[rows[i].UserID]; other == nil || other.UpdatedAtMs < rows[i].UpdatedAtMs {
			found[rows[i].UserID] = &rows[i]
		}
	}
	latest := make([]*db.LatestListRow, len(users))
	for i, user := range users {
		latest[i] = found[user]
	}
	return latest
}

// Latest implements ticket.Reader.
func (r *Reader) Latest(ctx context.Context, userID string) (ticket.Approval, error) {
	row, err := r.latest.Send(ctx, userID)
	if err != nil {
		return ticket.Approval{}, postgres.WrapError("read the latest approval", err)
	}
	a := fromLatest(row)
	if a.TicketID == uuid.Nil {
		return a, ticket.ErrNotFound
	}
	return a, nil
}

// LatestBatch implements ticket.Reader.
func (r *Reader) LatestBatch(ctx context.Context, userIDs []string) ([]ticket.Approval, error) {
	rows, err := r.latestBatch(ctx, r.pool, userIDs)
	if err != nil {
		return nil, postgres.WrapError("read latest approvals", err)
	}
	return fromLatestRows(rows), nil
}

// LatestFor implements ticket.Reader.
func (r *Reader) LatestFor(ctx context.Context, subject string, userIDs []string) ([]ticket.Approval, error) {
	rows, err := r.q.LatestListFor(ctx, r.pool, db.LatestListForParams{UserIds: userIDs, Subject: subject})
	if err != nil {
		return nil, postgres.WrapError("read latest approvals for a subject", err)
	}
	found := make([]db.LatestListRow, len(rows))
	for i, row := range rows {
		found[i] = db.LatestListRow(row)
	}
	return fromLatestRows(newestOf(found, userIDs)), nil
}

// LatestOf implements ticket.Reader.
func (r *Reader) LatestOf(ctx context.Context, userID string, most int) ([]ticket.Approval, error) {
	rows, err := r.q.LatestListOf(ctx, r.pool, db.LatestListOfParams{UserID: userID, Most: int32(most)})
	if err != nil {
		return nil, postgres.WrapError("list the latest approvals of a user", err)
	}
	all := make([]ticket.Approval, len(rows))
	for i := range rows {
		row := db.LatestListRow(rows[i])
		all[i] = fromLatest(&row)
	}
	return all, nil
}

func fromLatestRows(rows []*db.LatestListRow) []ticket.Approval {
	all := make([]ticket.Approval, len(rows))
	for i, row := range rows {
		all[i] = fromLatest(row)
	}
	return all
}

// fromLatest is an approval, or what is known of there being none: it has no TicketID then.
func fromLatest(row *db.LatestListRow) ticket.Approval {
	switch {
	case row == nil:
		return ticket.Approval{}
	case row.TicketID == uuid.Nil:
		return ticket.Approval{UpdatedAt: time.UnixMilli(row.UpdatedAtMs)}
	}
	return ticket.Approval{
		UserID: row.UserID, TicketID: row.TicketID, Extra: row.Extra, Grant: row.GrantExtra, DecidedBy: row.DecidedBy, Subject: row.Subject, ValidUntil: postgres.TimeOrZero(row.ValidUntilMs),
		CreatedAt: time.UnixMilli(row.CreatedAtMs), UpdatedAt: time.UnixMilli(row.UpdatedAtMs),
	}
}
