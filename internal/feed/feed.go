// Package feed lists every committed change of tickets once, in an order in which none is missed.
//
// Each event takes a number from a sequence when it is written, after the locks of what it is about. So of two changes of one ticket,
// or two approvals of one user, the later one has the greater number. That is the order of the feed, and what grows for each user.
//
// Transactions do not end in the order of their numbers. So no reader goes further than the head: a number up to which every
// transaction has ended. Whoever takes a number holds a lock of the sequence until its transaction has ended. To move the head, an
// instance reads how far numbers were taken, and then who holds that lock. Once all of those have ended, each of the numbers is either
// committed or never used. Each instance keeps its head in memory; nothing is written for it.
//
// A transaction that has taken a number and does not end holds up the head. Others do not: neither readers and backups, nor what
// another database of the server does.
package feed

import (
	"context"
	"errors"
	"sync"
	"time"

	"docket/db"
	"docket/internal/postgres"
)

// MaxAge is how far back the feed is kept.
const MaxAge = 30 * 24 * time.Hour

// ErrExpired says that a position is before what the feed keeps, or behind its end: a failover has lost what was there.
var ErrExpired = errors.New("the position is not in the feed any more")

const (
	tickTime   = time.Second            // how often the head is moved while somebody waits, if no notification comes
	pauseTime  = 10 * time.Millisecond  // between two looks at the database
	holdUpTime = 250 * time.Millisecond // how long a read waits for transactions that may have events from before it
	markTime   = 10 * time.Minute       // how often it is noted how far the feed is
	queryTime  = 2 * time.Second        // how long one query may take
)

// ReadReplica has read read a replica, and reports whether that was proven to be at most 2 seconds behind.
type ReadReplica func(ctx context.Context, read func(context.Context, *postgres.Pool) error) (proven bool, err error)

// Feed is the feed of one instance. Run must be running.
type Feed struct {
	primary *postgres.Pool
	replica ReadReplica
	q       *db.Queries
	woken   chan struct{} // holds a value when something may have been committed

	mu      sync.Mutex // guards what follows
	head    head
	recent  recent
	waiting int            // readers that wait for events
	asked   []chan<- error // readers that wait for the head to be moved
	moved   chan struct{}  // closed, and made anew, when the head moves
	oldest  oldest
}

// New is the feed of the primary.
func New(primary *postgres.Pool) *Feed {
	return &Feed{primary: primary, q: db.New(), woken: make(chan struct{}, 1), moved: make(chan struct{})}
}

// WithReplica reads what is not recent from a replica.
func (f *Feed) WithReplica(read ReadReplica) *Feed {
	f.replica = read
	return f
}

// Wake says that something may have been committed. It never waits.
func (f *Feed) Wake() {
	select {
	case f.woken <- struct{}{}:
	default:
	}
}
