package feed

import (
	"context"
	"errors"
	"slices"
	"time"

	"docket/db"
	"docket/internal/postgres"
)

const maxScanned = 10_000 // rows that one read looks at for events of the types that it wants, unless it may wait

// Query is what a reader wants.
type Query struct {
	After Position
	Types []Type        // none: all
	Limit int           // events at most
	Wait  time.Duration // how long to wait for the first one
}

// Page is what a reader gets. Next is where it goes on, also when there are no events.
type Page struct {
	Events []Event
	Next   Position
}

// Read returns events after a position, as soon as there is one. It returns none when the time is over or ctx is canceled, and
// ErrExpired if events after the position are not kept any more.
func (f *Feed) Read(ctx context.Context, q Query) (Page, error) {
	page, err := f.read(ctx, q)
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return Page{Next: q.After}, nil
	}
	return page, err
}

func (f *Feed) read(ctx context.Context, q Query) (Page, error) {
	after, err := f.begin(ctx, q.After)
	if err != nil {
		return Page{}, err
	}
	defer f.join()()
	r := reader{Feed: f, Query: q, page: Page{Next: after}, until: time.Now().Add(q.Wait)}
	for fresh := false; ; {
		head, moved := f.current()
		if err := r.scan(ctx, head); err != nil {
			return Page{}, err
		}
		switch late := ctx.Err() != nil || time.Now().After(r.until); {
		case len(r.page.Events) > 0 || late && (fresh || r.page.Next < head):
			return r.page, nil
		case r.page.Next < head: // there is more to look at
		case !fresh:
			if err := r.refresh(ctx); err != nil {
				return Page{}, err
			}
			fresh = true
		default:
			r.wait(ctx, moved)
		}
	}
}

// begin is where a read begins.
func (f *Feed) begin(ctx context.Context, after Position) (Position, error) {
	oldest, err := f.Oldest(ctx)
	switch {
	case err != nil:
		return 0, err
	case after == 0:
		return oldest, nil
	case after < oldest:
		return 0, ErrExpired
	}
	return after, nil
}

// join counts a reader until leave is called.
func (f *Feed) join() (leave func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting++
	f.recent.usedAt = time.Now()
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.waiting--
		f.recent.usedAt = time.Now()
	}
}

// current is the head, and a channel that is closed when it moves.
func (f *Feed) current() (Position, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.head.position, f.moved
}

// reader is one read.
type reader struct {
	*Feed
	Query
	page    Page
	scanned int
	until   time.Time
}

// refresh moves the head by what was committed before. If transactions that run hold it up, the read may wait for them for a moment.
func (r *reader) refresh(ctx context.Context) error {
	if err := r.refreshed(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.page.Next > r.head.taken {
		return ErrExpired
	}
	if held := time.Now().Add(holdUpTime); r.head.position < r.head.taken && r.until.Before(held) {
		r.until = held
	}
	return nil
}

// wait waits until the head moves, or the time is over.
func (r *reader) wait(ctx context.Context, moved <-chan struct{}) {
	late := time.NewTimer(time.Until(r.until))
	defer late.Stop()
	select {
	case <-ctx.Done():
	case <-late.C:
	case <-moved:
	}
}

// scan looks for events up to a position, until there are enough, or it has looked at very many.
func (r *reader) scan(ctx context.Context, to Position) error {
	for r.page.Next < to && len(r.page.Events) < r.Limit {
		if r.scanned >= maxScanned && time.Now().After(r.until) {
			return nil
		}
		events, until, err := r.after(ctx, r.page.Next, to)
		if err != nil {
			return err
		}
		r.scanned += len(events)
		for _, e := range events {
			if len(r.Types) > 0 && !slices.Contains(r.Types, e.Type) {
				continue
			}
			r.page.Events = append(r.page.Events, e)
			if len(r.page.Events) == r.Limit {
				r.page.Next = e.Position
				return nil
			}
		}
		r.page.Next = until
	}
	return nil
}

// after returns events after a position, all of those up to until: from memory, or a page from a replica that is proven, else the
// primary.
func (r *reader) after(ctx context.Context, after, to Position) (events []Event, until Position, err error) {
	r.mu.Lock()
	events, known := r.recent.after(after)
	until, settled := r.recent.to, r.head.settled
	r.mu.Unlock()
	if known {
		return events, until, nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	if r.replica != nil && after < settled {
		proven, err := r.replica(ctx, func(ctx context.Context, on *postgres.Pool) (err error) {
			events, until, err = r.readPage(ctx, on, after, settled)
			return err
		})
		if proven && err == nil {
			return events, until, nil
		}
	}
	return r.readPage(ctx, r.primary, after, to)
}

// readPage reads events of one database.
func (r *reader) readPage(ctx context.Context, on *postgres.Pool, after, to Position) ([]Event, Position, error) {
	most := loadMost
	if len(r.Types) == 0 {
		most = min(most, r.Limit)
	}
	rows, err := r.q.FeedPage(ctx, on, db.FeedPageParams{After: int64(after), Until: int64(to), Max: int32(most)})
	if err != nil {
		return nil, 0, postgres.WrapError("read the feed", err)
	}
	if len(rows) == most {
		to = Position(rows[most-1].Seq)
	}
	return fromRows(rows), to, nil
}
