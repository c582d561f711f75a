package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docket/internal/ticket"
)

const oldestTime = 15 * time.Second // how often the oldest waiting ticket is looked for

// Watch looks at the queue now and then until ctx ends. When the databases do not answer, it keeps what it saw.
func (m *Metrics) Watch(ctx context.Context, desk ticket.Desk) error {
	tick := time.NewTicker(oldestTime)
	defer tick.Stop()
	for {
		m.see(ctx, desk)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// see reads the first ticket of the queue, which one index finds however long the queue is.
func (m *Metrics) see(ctx context.Context, desk ticket.Desk) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	now := time.Now()
	queue, err := desk.Queue(ctx, ticket.Query{
		Status: ticket.Processing, From: time.UnixMilli(0), To: now, Page: ticket.Page{Limit: 1},
	})
	if err != nil {
		return
	}
	m.oldest.Set(0)
	for _, t := range queue.Tickets {
		m.oldest.Set(now.Sub(t.CreatedAt).Seconds())
	}
}

// Cached is what the cache has been asked.
type Cached struct{ Hits, Misses, Size int64 }

// Cache lets the metrics ask a cache about itself.
func (m *Metrics) Cache(counts func() Cached) {
	m.counter("docket_cache_hits_total", "Look-ups that were answered from memory.", nil, func() float64 { return float64(counts().Hits) })
	m.counter("docket_cache_misses_total", "Look-ups that had to be loaded.", nil, func() float64 { return float64(counts().Misses) })
	m.value("docket_cache_entries", "Look-ups that are remembered.", nil, func() float64 { return float64(counts().Size) })
}

// Pooled is how a pool of connections stands.
type Pooled struct {
	Most, Acquired, Idle, Waiting, Refused int64
	Waited                                 time.Duration // by everybody, ever
}

// Pool lets the metrics ask the pool of a database about itself.
func (m *Metrics) Pool(database string, stands func() Pooled) {
	label := prometheus.Labels{"database": database}
	m.value("docket_pool_most_connections", "How many connections a pool may have.", label, func() float64 { return float64(stands().Most) })
	m.value("docket_pool_acquired_connections", "How many connections of a pool are in use.", label, func() float64 { return float64(stands().Acquired) })
	m.value("docket_pool_idle_connections", "How many connections of a pool are idle.", label, func() float64 { return float64(stands().Idle) })
	m.value("docket_pool_waiting", "How many wait for a connection.", label, func() float64 { return float64(stands().Waiting) })
	m.counter("docket_pool_refused_total", "How many waited for a connection and got none.", label, func() float64 { return float64(stands().Refused) })
	m.counter("docket_pool_wait_seconds_total", "How long all who needed a connection waited for it.", label, func() float64 { return stands().Waited.Seconds() })
}

// Replica lets the metrics ask for how many seconds ago a replica is proven to have had everything.
func (m *Metrics) Replica(database string, age func() float64) {
	m.value("docket_replica_proven_age_seconds", "How long ago the replica is proven to have had everything; infinite while that is unknown.",
		prometheus.Labels{"database": database}, age)
}
