// Package batch sends the requests of several callers to the database in one round trip.
package batch

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	batchSize = 64                     // requests in one batch
	queueSize = 1024                   // requests that wait for one
	moreSize  = 8                      // writes that wait until another batch is sent beside one that is on its way
	queueTime = 400 * time.Millisecond // how long a write waits for one before it is refused
	readTime  = 2 * time.Second        // how long one batch of reads may take, and so how long a request waits for it
	writeTime = 3 * time.Second        // the same for writes: as long as their callers wait, as a commit may wait for a standby
)

// How many round trips each of these may take beside.
const (
	queueTrips = 4
	readTrips  = 3 // to ping, to prepare, to ask
	writeTrips = 8 // as those of a caller
	aloneTrips = 2
)

// The requests of a batch that failed are sent alone, unless a whole table is locked: then they are refused before each of them
// has waited for it.
const (
	aloneBatches = 4                      // requests that are sent alone at a time
	aloneTime    = 150 * time.Millisecond // how long others wait for those four, if none of them is done meanwhile
)

// Batcher sends the requests of several callers in one round trip. A request that comes alone is sent at once; those that
// come while limit batches are being sent are the next batch. So many requests need few round trips, and a batch is sent
// after all its requests were made. While one batch of writes is on its way, the next begins with moreSize of them: a statement costs
// by itself as much as several writes.
type Batcher[Q, A any] struct {
	pool    *postgres.Pool
	limit   int // of batches at a time
	query   Query[Q, A]
	silence func() error // fails while the database is silent
	writes  bool
	patient bool       // requests wait for a batch as long as their callers do
	mu      sync.Mutex // guards what follows
	running int        // goroutines that send batches
	queue   []*request[Q, A]
	alone   chan struct{} // has a value for each request that is being sent alone
	done    atomic.Int64  // requests that were sent alone, and not refused as overloaded
}

// Query sends requests on a connection and returns one answer for each, in their order.
type Query[Q, A any] = func(ctx context.Context, on db.DBTX, requests []Q) ([]A, error)

// NewReads sends reads, in at most so many batches at a time.
func NewReads[Q, A any](pool *postgres.Pool, limit int, query Query[Q, A]) *Batcher[Q, A] {
	return &Batcher[Q, A]{
		pool: pool, limit: limit, query: query, silence: postgres.SilenceCheck(pool), patient: true, alone: make(chan struct{}, aloneBatches),
	}
}

// NewWrites sends writes. A batch of them waits for a lock only for a short time.
func NewWrites[Q, A any](pool *postgres.Pool, limit int, query Query[Q, A]) *Batcher[Q, A] {
	b := NewReads(pool, limit, query)
	b.writes, b.patient = true, false
	return b
}

// WaitLonger lets requests wait for a batch as long as their callers do.
func (b *Batcher[Q, A]) WaitLonger() *Batcher[Q, A] {
	b.patient = true
	return b
}

// request is one caller's. Its answer is there when done is closed.
type request[Q, A any] struct {
	params     Q
	done       chan struct{}
	answer     A
	err        error
	retryAlone bool // the batch failed because of one of its requests, or of a lock
}

// Send returns the answer to one request.
func (b *Batcher[Q, A]) Send(ctx context.Context, params Q) (answer A, err error) {
	if err := b.silence(); err != nil { // the batches of before may wait for a long time yet
		return answer, err
	}
	r := &request[Q, A]{params: params, done: make(chan struct{})}
	start, err := b.enqueue(r)
	if err != nil {
		return answer, err
	}
	if start {
		go b.run(context.WithoutCancel(ctx)) // other callers wait for it, too
	}
	if err := b.wait(ctx, r); err != nil {
		return answer, err
	}
	if r.retryAlone && b.waitForAlone(ctx, r.err) {
		defer func() { <-b.alone }()
		return b.sendAlone(ctx, params)
	}
	return r.answer, r.err
}

// wait returns when a request has its answer. It refuses what the database is found to be silent for, and a write that is not sent
// in time; that one waits on while a connection is being made.
func (b *Batcher[Q, A]) wait(ctx context.Context, r *request[Q, A]) error {
	late := time.NewTicker(queueTime + postgres.Trips(b.pool, queueTrips))
	defer late.Stop()
	for {
		select {
		case <-r.done:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-late.C:
			err := b.silence()
			switch {
			case err != nil && (!b.writes || b.remove(r)): // what became of a write that was sent is not known yet
				return err
			case !b.patient && b.pool.Stat().ConstructingConns() == 0 && b.remove(r):
				return ticket.ErrOverloaded
			}
		}
	}
}

// remove takes a request out of the queue. It is false if that was sent.
func (b *Batcher[Q, A]) remove(r *request[Q, A]) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := slices.Index(b.queue, r)
	if at >= 0 {
		b.queue = slices.Concat(b.queue[:at], b.queue[at+1:]) // not in place: a batch has the array, too
	}
	return at >= 0
}

// waitForAlone reports whether a request of a batch that failed with err may be sent alone now. After a wait for a lock it is
// false if those that are being sent alone wait, too.
func (b *Batcher[Q, A]) waitForAlone(ctx context.Context, err error) bool {
	limit := aloneTime + postgres.Trips(b.pool, aloneTrips)
	tick := time.NewTicker(limit)
	defer tick.Stop()
	for done := b.done.Load(); ; done = b.done.Load() {
		select {
		case b.alone <- struct{}{}:
			return true
		case <-ctx.Done():
			return false
		case <-tick.C:
			if postgres.IsOverloaded(err) && b.done.Load() == done {
				return false
			}
		}
	}
}

// enqueue adds a request, and says whether its caller has to start run.
func (b *Batcher[Q, A]) enqueue(r *request[Q, A]) (start bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.queue) >= queueSize {
		return false, ticket.ErrOverloaded
	}
	b.queue = append(b.queue, r)
	if start = b.running == 0 || b.running < b.limit && (!b.writes || len(b.queue) >= moreSize); start {
		b.running++
	}
	return start, nil
}

// run sends batches until the queue is empty.
func (b *Batcher[Q, A]) run(ctx context.Context) {
	for b.continues() {
		b.sendBatch(ctx)
	}
}

// continues reports whether there is more to send; if not, run is over.
func (b *Batcher[Q, A]) continues() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.queue) == 0 {
		b.running--
		return false
	}
	return true
}

// sendBatch sends the requests that are in the queue when it has a connection. When it gets none, all of them fail.
func (b *Batcher[Q, A]) sendBatch(ctx context.Context) {
	limit := readTime + postgres.Trips(b.pool, readTrips)
	if b.writes {
		limit = writeTime + postgres.Trips(b.pool, writeTrips)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var batch []*request[Q, A]
	var answers []A
	unprepared := false
	err := postgres.RunWrite(ctx, b.pool, func(conn *pgx.Conn) (err error) {
		if batch == nil { // else they are sent again
			batch = b.dequeue(batchSize)
		}
		if len(batch) > 0 { // else another goroutine took them
			answers, unprepared, err = b.queryOn(ctx, conn, batch)
		}
		return err
	})
	if err != nil && batch == nil {
		batch = b.dequeue(queueSize)
	}
	deliver(batch, answers, err, postgres.IsStatementError(err) && !(unprepared && postgres.IsOverloaded(err)))
}

// queryOn sends a batch on a connection. unprepared says that its statement could not be prepared.
func (b *Batcher[Q, A]) queryOn(ctx context.Context, conn *pgx.Conn, batch []*request[Q, A]) (answers []A, unprepared bool, err error) {
	params := make([]Q, len(batch))
	for i, r := range batch {
		params[i] = r.params
	}
	if !b.writes {
		answers, err = b.query(ctx, conn, params)
		return answers, false, err
	}
	limited := withLockTimeout(conn)
	answers, err = b.query(ctx, limited, params)
	return answers, limited.unprepared, err
}

func (b *Batcher[Q, A]) dequeue(most int) []*request[Q, A] {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(most, len(b.queue))
	taken := b.queue[:n:n]
	b.queue = b.queue[n:]
	return taken
}

// deliver gives each request of a batch its answer.
func deliver[Q, A any](batch []*request[Q, A], answers []A, err error, retryAlone bool) {
	for i, r := range batch {
		if r.err = err; err == nil {
			r.answer = answers[i]
		}
		r.retryAlone = retryAlone
		close(r.done)
	}
}

// sendAlone sends one request as a batch of its own.
func (b *Batcher[Q, A]) sendAlone(ctx context.Context, params Q) (answer A, err error) {
	err = postgres.RunWrite(ctx, b.pool, func(conn *pgx.Conn) error {
		answers, err := b.query(ctx, conn, []Q{params})
		if err == nil {
			answer = answers[0]
		}
		return err
	})
	if !postgres.IsOverloaded(err) {
		b.done.Add(1)
	}
	return answer, err
}
