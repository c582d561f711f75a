package feed

import (
	"context"
	"slices"
	"time"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/sleep"
	"docket/internal/ticket"
)

const loadMost = 1000 // rows in one query

// Run moves the head while somebody reads, or, where the tables are distributed, always: that numbers the events, and what is to follow an
// event follows then. It notes from time to time how far the head is, until ctx ends.
func (f *Feed) Run(ctx context.Context) error {
	tick := time.NewTicker(tickTime)
	defer tick.Stop()
	var again <-chan time.Time // soon, while transactions that may have events run
	var marked time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-f.woken:
		case <-tick.C:
		case <-again:
		}
		due := time.Since(marked) >= markTime
		if distributed, err := f.primary.Distributed(ctx, f.primary); !due && !f.hasReaders() && (err != nil || !distributed) {
			continue
		}
		again = nil
		if position, ended := f.refresh(ctx); !ended {
			again = time.After(min(max(f.Lag()/8, pauseTime), tickTime))
		} else if due && f.mark(ctx, position) == nil {
			marked = time.Now()
		}
		if sleep.For(ctx, pauseTime) != nil {
			return nil
		}
	}
}

// hasReaders reports whether somebody reads now.
func (f *Feed) hasReaders() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.waiting > 0 || len(f.asked) > 0
}

// refresh looks at the database and tells who has asked for that before. ended says that the head is as far as numbers were taken.
func (f *Feed) refresh(ctx context.Context) (position Position, ended bool) {
	f.mu.Lock()
	asked := f.asked
	f.asked = nil
	f.mu.Unlock()
	err := f.look(ctx)
	for _, c := range asked {
		c <- err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.head.position, err == nil && f.head.position == f.head.taken
}

// look moves the head, and loads the events up to it if recent ones are read.
func (f *Feed) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ticket.Urgent(ctx), queryTime)
	defer cancel()
	state, err := f.q.FeedState(ctx, f.primary)
	if err != nil {
		return postgres.WrapError("look how far the feed is", err)
	}
	f.mu.Lock()
	moved := f.head
	moved.unended = slices.Clone(f.head.unended)
	loaded := f.recent
	f.mu.Unlock()
	moved.observe(state, time.Now())
	if loaded.to == 0 || loaded.to > moved.position || time.Since(loaded.usedAt) > idleTime {
		loaded = recent{from: moved.position, to: moved.position}
	}
	if loaded, err = f.load(ctx, loaded, moved.position); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if moved.position != f.head.position {
		close(f.moved)
		f.moved = make(chan struct{})
	}
	loaded.usedAt = f.recent.usedAt
	f.head, f.recent = moved, loaded
	return nil
}

// load reads what recent lacks up to a position. It lacks everything if these are too many.
func (f *Feed) load(ctx context.Context, have recent, to Position) (recent, error) {
	for have.to < to {
		if to-have.to > maxRecent {
			return recent{from: to, to: to}, nil
		}
		rows, err := f.q.FeedPage(ctx, f.primary, db.FeedPageParams{After: int64(have.to), Until: int64(to), Max: loadMost})
		if err != nil {
			return have, postgres.WrapError("read the newest events", err)
		}
		until := to
		if len(rows) == loadMost {
			until = Position(rows[loadMost-1].Seq)
		}
		have = have.extended(fromRows(rows), until)
	}
	return have, nil
}

func fromRows(rows []db.FeedPageRow) []Event {
	events := make([]Event, 0, len(rows))
	for _, row := range rows {
		if e, known := fromRow(row); known {
			events = append(events, e)
		}
	}
	return events
}

// mark notes how far the feed is now.
func (f *Feed) mark(ctx context.Context, position Position) error {
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	return f.q.FeedMark(ctx, f.primary, int64(position))
}

// refreshed waits until the head was moved by what was committed before the call.
func (f *Feed) refreshed(ctx context.Context) error {
	done := make(chan error, 1)
	f.mu.Lock()
	f.asked = append(f.asked, done)
	f.mu.Unlock()
	f.Wake()
	ctx, cancel := context.WithTimeout(ctx, 2*queryTime) // one look may be under way
	defer cancel()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return postgres.WrapError("wait for the feed", ctx.Err())
	}
}

// Lag is how long a transaction that may have an event has held up those after it; 0 also while nobody reads.
func (f *Feed) Lag() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.head.lag(time.Now())
}

// Waiting is how many readers wait for events now.
func (f *Feed) Waiting() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.waiting
}

// Head is the end of the feed, as it is now.
func (f *Feed) Head(ctx context.Context) (Position, error) {
	if err := f.refreshed(ctx); err != nil {
		return 0, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.head.position, nil
}

// At is a position before everything that was committed after a time, at most about an hour before that. It is the oldest one for a
// time before that.
func (f *Feed) At(ctx context.Context, at time.Time) (Position, error) {
	oldest, err := f.Oldest(ctx)
	if err != nil {
		return 0, err
	}
	seq, err := f.q.FeedAt(ctx, f.primary, at.UnixMilli())
	if err != nil && !postgres.IsNoRows(err) {
		return 0, postgres.WrapError("find a time in the feed", err)
	}
	return max(oldest, Position(seq)), nil
}
