package store

import (
	"context"
	"time"

	"docket/db"
	"docket/internal/ticket"
)

// QueryQueue is what Queue reads with.
var QueryQueue = queryQueue

// NarrowFor looks for tickets without an index for no longer than this.
func (r *Reader) NarrowFor(most time.Duration) { r.narrowTime = most }

// NarrowQueue is what Queue reads with that looks for tickets which few others are like.
func NarrowQueue(ctx context.Context, on db.DBTX, q ticket.Query) error {
	_, _, err := narrowByParts(ctx, db.New(), customPlans{on}, q, narrowTime)
	return err
}
