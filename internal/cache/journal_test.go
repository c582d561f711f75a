package cache_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/ticket"
)

// The kinds of note. A strong read asks for what the primary knows; heard says that an instance has dealt with the news
// of a write, or with having been deaf.
const (
	approves = "approves"
	reads    = "reads"
	strong   = "reads strongly"
	heard    = "heard"
)

// note is one thing that somebody did, and what came of it.
type note struct {
	kind       string
	who        string // does one thing after the other
	where      *docket
	user       string
	call, done int64     // the order of all beginnings and ends; done is 0 while it is not over
	at         time.Time // by the clock of the test: a read's beginning, an approval's end
	ticket     uuid.UUID // what was approved or read; Nil: there is none
	version    int64
	err        error
	degraded   bool
}

// journal is all that happened, in order.
type journal struct {
	mu    sync.Mutex // guards what follows
	now   func() time.Time
	order int64
	notes []*note
}

func (j *journal) begin(n note) *note {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.order++
	n.call, n.at = j.order, j.now()
	j.notes = append(j.notes, &n)
	return &n
}

func (j *journal) end(n *note, a ticket.Approval, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.order++
	n.done, n.degraded = j.order, a.Degraded
	if n.kind == approves {
		n.at = j.now()
	}
	if n.err = err; errors.Is(err, ticket.ErrNotFound) {
		n.err = nil
	}
	if err == nil {
		n.ticket, n.version = a.TicketID, a.UpdatedAt.UnixMilli()
	}
}

// finished is what is over, by its beginning.
func (j *journal) finished() []note {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []note
	for _, n := range j.notes {
		if n.done > 0 {
			all = append(all, *n)
		}
	}
	slices.SortFunc(all, func(a, b note) int { return cmp.Compare(a.call, b.call) })
	return all
}

// truth is every approval on the primary: its version by ticket.
func truth(ctx context.Context, primary *pgxpool.Pool) (map[uuid.UUID]int64, error) {
	rows, err := primary.Query(ctx, "SELECT id, updated_at_ms FROM tickets WHERE status = 'approved'")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[uuid.UUID]int64{}
	for rows.Next() {
		var id uuid.UUID
		var version int64
		if err := rows.Scan(&id, &version); err != nil {
			return nil, err
		}
		all[id] = version
	}
	return all, rows.Err()
}
