package store

import (
	"context"
	"time"

	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	positionTime  = time.Second // how long a database may take to say a position
	positionTrips = 2           // and as many round trips: to prepare, to ask
)

// WrittenPosition is how far a primary has written its log to disk, in bytes.
func (r *Reader) WrittenPosition(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, positionTime+postgres.Trips(r.pool, positionTrips))
	defer cancel()
	position, err := r.q.PositionWritten(ticket.Urgent(ctx), r.pool)
	if err != nil {
		return 0, postgres.WrapError("read the written position", err)
	}
	return position, nil
}

// ReplayedPosition is how much of the primary's log a replica has replayed, in bytes.
func (r *Reader) ReplayedPosition(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, positionTime+postgres.Trips(r.pool, positionTrips))
	defer cancel()
	position, err := r.q.PositionReplayed(ticket.Urgent(ctx), r.pool)
	if err != nil {
		return 0, postgres.WrapError("read the replayed position", err)
	}
	return position, nil
}

// StartTime is when the server was started, in Unix microseconds.
func (r *Reader) StartTime(ctx context.Context) (int64, error) {
	at, err := r.q.PositionServerStart(ctx, r.pool)
	if err != nil {
		return 0, postgres.WrapError("read when the server was started", err)
	}
	return at, nil
}
