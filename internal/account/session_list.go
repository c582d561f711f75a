package account

import (
	"context"
	"time"

	"docket/db"
	"docket/internal/postgres"
)

// ListedSession is a session as the owner sees it.
type ListedSession struct {
	ID      string
	Browser string // its kind and system; empty: not known
	Began   time.Time
	Seen    time.Time // within a minute
	Current bool      // the one that asks
}

// List lists the valid sessions of the owner of a session: that first, then those that were seen last.
func (s *Sessions) List(ctx context.Context, own Session) ([]ListedSession, error) {
	rows, err := s.q.SessionsOf(ctx, s.primary, db.SessionsOfParams{
		AccountID: own.Owner.ID, TokenHash: own.tokenHash, AgeMs: sessionAge.Milliseconds(), IdleMs: sessionIdle.Milliseconds(),
	})
	if err != nil {
		return nil, postgres.WrapError("list sessions", err)
	}
	listed := make([]ListedSession, len(rows))
	for i, row := range rows {
		listed[i] = ListedSession{
			ID: row.ID, Browser: row.Browser, Began: time.UnixMilli(row.CreatedAtMs), Seen: time.UnixMilli(row.SeenAtMs), Current: row.Own,
		}
	}
	return listed, nil
}

// End ends one other session of the owner of a session, or all others if id is empty, and counts them.
func (s *Sessions) End(ctx context.Context, own Session, id string) (ended int64, err error) {
	ended, err = s.q.SessionDeleteOthers(ctx, s.primary, db.SessionDeleteOthersParams{AccountID: own.Owner.ID, TokenHash: own.tokenHash, ID: id})
	if err != nil {
		return 0, postgres.WrapError("end other sessions", err)
	}
	return ended, nil
}
