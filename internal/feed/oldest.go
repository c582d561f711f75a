package feed

import (
	"context"
	"time"

	"docket/internal/postgres"
)

const oldestTime = time.Minute // how long the beginning is remembered

// oldest is where the feed begins, as it was at a time.
type oldest struct {
	position Position
	at       time.Time
}

// Oldest is where the feed begins: everything before it was committed 30 days ago or earlier.
func (f *Feed) Oldest(ctx context.Context) (Position, error) {
	f.mu.Lock()
	known := f.oldest
	f.mu.Unlock()
	if !known.at.IsZero() && time.Since(known.at) < oldestTime {
		return known.position, nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	seq, err := f.q.FeedOldest(ctx, f.primary)
	if postgres.IsNoRows(err) {
		seq, err = 0, nil
	}
	if err != nil && known.at.IsZero() {
		return 0, postgres.WrapError("find where the feed begins", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.oldest = oldest{max(known.position, Position(seq)), time.Now()}
	return f.oldest.position, nil
}
