package consistency

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
	Approves = "approves"
	Reads    = "reads"
	Strong   = "reads strongly"
	Heard    = "heard"
)

// Note is one thing that somebody did, and what came of it.
type Note struct {
	Kind       string
	Who        string // does one thing after the other
	Where      string // the instance
	User       string
	Call, Done int64     // the order of all beginnings and ends; Done is 0 while it is not over
	At         time.Time // by the clock of the journal: a read's beginning, an approval's end
	Ticket     uuid.UUID // what was approved or read; Nil: there is none
	Version    int64
	Err        error
	Degraded   bool
}

// Journal is all that happened, in order. Anybody may write it at any time.
type Journal struct {
	mu    sync.Mutex // guards what follows
	now   func() time.Time
	order int64
	notes []*Note
}

// NewJournal is an empty one, by a clock.
func NewJournal(now func() time.Time) *Journal { return &Journal{now: now} }

// Begin notes that somebody begins something.
func (j *Journal) Begin(n Note) *Note {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.order++
	n.Call, n.At = j.order, j.now()
	j.notes = append(j.notes, &n)
	return &n
}

// End notes what came of it.
func (j *Journal) End(n *Note, a ticket.Approval, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.order++
	n.Done, n.Degraded = j.order, a.Degraded
	if n.Kind == Approves {
		n.At = j.now()
	}
	if n.Err = err; errors.Is(err, ticket.ErrNotFound) {
		n.Err = nil
	}
	if err == nil {
		n.Ticket, n.Version = a.TicketID, a.UpdatedAt.UnixMilli()
	}
}

// Finished is what is over, by its beginning.
func (j *Journal) Finished() []Note {
	j.mu.Lock()
	defer j.mu.Unlock()
	var all []Note
	for _, n := range j.notes {
		if n.Done > 0 {
			all = append(all, *n)
		}
	}
	slices.SortFunc(all, func(a, b Note) int { return cmp.Compare(a.Call, b.Call) })
	return all
}

// Truth is every approval on the primary: its version by ticket.
func Truth(ctx context.Context, primary *pgxpool.Pool) (map[uuid.UUID]int64, error) {
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
