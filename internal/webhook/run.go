package webhook

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/sleep"
)

const (
	leaseTime     = 30 * time.Second // how long an instance has a webhook; after it ended without notice, another one goes on
	renewInterval = 5 * time.Second
	countInterval = 15 * time.Second
	sweepInterval = 10 * time.Minute
	sweepMost     = 5000
	queryTime     = 2 * time.Second
	errorPause    = time.Second

	keptTime    = 7 * 24 * time.Hour  // how long what was delivered or given up is listed
	waitingTime = 30 * 24 * time.Hour // how long a webhook that is switched off keeps what waits: as long as the feed
)

// Run sends what is for the webhooks that no other instance works on, until ctx ends.
func (w *Webhooks) Run(ctx context.Context) error {
	var g sync.WaitGroup
	defer g.Wait()
	g.Go(func() { repeat(ctx, countInterval, func() { w.countBacklog(ctx) }) })
	g.Go(func() { repeat(ctx, sweepInterval, func() { w.sweep(ctx) }) })
	w.lease(ctx)
	return nil
}

// repeat calls do now and then at every interval until ctx ends.
func repeat(ctx context.Context, interval time.Duration, do func()) {
	for {
		do()
		if sleep.For(ctx, interval) != nil {
			return
		}
	}
}

// wake has this instance look for new webhooks at once.
func (w *Webhooks) wake() {
	select {
	case w.arrived <- struct{}{}:
	default: // it is awake
	}
}

// worker sends what is for one webhook while this instance has its lease.
type worker struct {
	cancel context.CancelFunc
	until  time.Time     // the end of the lease
	done   chan struct{} // closed when it has ended
}

// lease keeps the lease of as many webhooks as it can get, with a worker for each, until ctx ends.
func (w *Webhooks) lease(ctx context.Context) {
	instance, workers := uuid.New(), map[uuid.UUID]*worker{}
	for {
		w.renewLeases(ctx, instance, workers)
		select {
		case <-ctx.Done():
			for _, each := range workers {
				<-each.done
			}
			w.release(ctx, instance)
			return
		case <-time.After(w.Renew):
		case <-w.arrived:
		}
	}
}

// renewLeases renews the leases, begins workers for those that are new, and ends those whose lease has ended.
func (w *Webhooks) renewLeases(ctx context.Context, instance uuid.UUID, workers map[uuid.UUID]*worker) {
	query, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	until := time.Now().Add(leaseTime)
	leased, err := w.q.WebhookLease(query, w.Primary, db.WebhookLeaseParams{Instance: instance, LifeMs: leaseTime.Milliseconds()})
	if err != nil {
		leased = nil // those whose lease goes on are renewed the next time
	}
	for id, each := range workers {
		if each.ended() {
			delete(workers, id)
		}
	}
	for _, id := range leased {
		if workers[id] == nil {
			workers[id] = w.begin(ctx, id, instance)
		}
		workers[id].until = until
	}
	for _, each := range workers {
		if time.Now().After(each.until) {
			each.cancel()
		}
	}
}

func (e *worker) ended() bool {
	select {
	case <-e.done:
		return true
	default:
		return false
	}
}

// begin begins a worker.
func (w *Webhooks) begin(ctx context.Context, id, instance uuid.UUID) *worker {
	ctx, cancel := context.WithCancel(ctx)
	begun := &worker{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(begun.done)
		defer cancel()
		w.work(ctx, id, instance)
	}()
	return begun
}

// work takes rounds until ctx ends or the instance does not have the webhook any more.
func (w *Webhooks) work(ctx context.Context, id, instance uuid.UUID) {
	failing := false
	for ctx.Err() == nil {
		err := w.takeRound(ctx, id, instance)
		if errors.Is(err, errLost) {
			return
		}
		if err != nil && !failing && ctx.Err() == nil {
			w.Log.Warn("events are not sent to a webhook; it is tried again", "webhook", id, "error", err)
		}
		if failing = err != nil; failing {
			_ = sleep.For(ctx, errorPause) // the loop looks at ctx
		}
	}
}

// release lets another instance go on at once.
func (w *Webhooks) release(ctx context.Context, instance uuid.UUID) {
	ctx, cancel := postgres.DetachWrite(ctx, w.Primary)
	defer cancel()
	_ = w.q.WebhookRelease(ctx, w.Primary, instance) // else when the lease ends
}

func (w *Webhooks) countBacklog(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	row, err := w.q.WebhookCount(ctx, w.Primary)
	if err != nil {
		return // the last values stay
	}
	backlog := Backlog{Off: row.Off, Waiting: row.Waiting, Oldest: time.Duration(row.OldestMs) * time.Millisecond}
	if head, err := w.Feed.Head(ctx); err == nil && row.LastPosition >= 0 {
		backlog.Behind = max(int64(head)-row.LastPosition, 0)
	}
	w.Waiting(backlog)
}

// sweep deletes what is old. What fails is tried the next time.
func (w *Webhooks) sweep(ctx context.Context) {
	for ctx.Err() == nil {
		query, cancel := context.WithTimeout(ctx, queryTime)
		deleted, err := w.q.WebhookSweep(query, w.Primary, db.WebhookSweepParams{
			KeptMs: keptTime.Milliseconds(), WaitingMs: waitingTime.Milliseconds(), Most: sweepMost,
		})
		cancel()
		if err != nil || deleted == 0 {
			break
		}
	}
	query, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	_ = w.q.WebhookForget(query, w.Primary)
}
