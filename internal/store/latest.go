package store

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	roundsMost = 4               // reads of one database at a time
	roundSize  = 64              // users in one of them
	lineMost   = 1024            // users who wait for one
	roundTime  = 2 * time.Second // how long one may take: nobody waits any longer for it
)

// latest reads latest approvals from one database, together those that are asked for at the same time: one who comes
// alone is read for at once, and those who come while roundsMost reads are under way go with the next. So a crowd costs
// few questions, and each is asked after all whom it is for have come.
type latest struct {
	pool   *pgxpool.Pool
	q      *db.Queries
	mu     sync.Mutex // guards what follows
	rounds int        // under way
	line   []*wish
}

// wish is one user to be read; row is nil when there is no approval. Both are there when done is closed.
type wish struct {
	userID string
	done   chan struct{}
	row    *db.UserTicket
	err    error
}

// of is the latest approval of a user; nil when there is none.
func (l *latest) of(ctx context.Context, userID string) (*db.UserTicket, error) {
	w := &wish{userID: userID, done: make(chan struct{})}
	first, err := l.join(w)
	if err != nil {
		return nil, err
	}
	if first {
		go l.run(context.WithoutCancel(ctx)) // others wait for it, too
	}
	select {
	case <-w.done:
		return w.row, w.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// join puts a wish into the line, and says whether somebody has to run.
func (l *latest) join(w *wish) (run bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.line) >= lineMost {
		return false, ticket.ErrOverloaded
	}
	l.line = append(l.line, w)
	if run = l.rounds < roundsMost; run {
		l.rounds++
	}
	return run, nil
}

// run reads until nobody waits.
func (l *latest) run(ctx context.Context) {
	for l.waited() {
		l.round(ctx)
	}
}

func (l *latest) waited() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.line) == 0 {
		l.rounds--
		return false
	}
	return true
}

// round takes along whoever waits by the time that there is a connection. When there is none, nobody gets one.
func (l *latest) round(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		grant(l.take(lineMost), nil, err)
		return
	}
	defer conn.Release()
	wishes := l.take(roundSize)
	users := make([]string, len(wishes))
	for i, w := range wishes {
		users[i] = w.userID
	}
	rows, err := l.q.LatestList(ctx, conn, users)
	grant(wishes, rows, err)
}

func (l *latest) take(most int) []*wish {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := min(most, len(l.line))
	taken := l.line[:n:n]
	l.line = l.line[n:]
	return taken
}

func grant(wishes []*wish, rows []db.UserTicket, err error) {
	for _, w := range wishes {
		w.err = err
		for i := range rows {
			if rows[i].UserID == w.userID {
				w.row = &rows[i]
			}
		}
		close(w.done)
	}
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
	if postgres.None(err) {
		return ticket.Approval{}, ticket.ErrNotFound
	}
	if err != nil {
		return ticket.Approval{}, postgres.Fault("read the latest approval", err)
	}
	return ticket.Approval{
		UserID: row.UserID, TicketID: row.TicketID, Extra: row.Extra, DecidedBy: row.DecidedBy,
		CreatedAt: time.UnixMilli(row.CreatedAtMs), UpdatedAt: time.UnixMilli(row.UpdatedAtMs),
	}, nil
}
