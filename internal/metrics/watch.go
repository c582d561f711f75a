package metrics

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"docket/internal/sla"
	"docket/internal/ticket"
)

const watchInterval = 15 * time.Second

// WatchQueue records the age of the oldest waiting ticket, and how many wait for longer than promised, again and again until ctx
// ends, by the clock that is given. While the databases do not answer, the last values stay.
func (m *Metrics) WatchQueue(ctx context.Context, desk ticket.Desk, promised sla.SLA, clock func() time.Time) error {
	tick := time.NewTicker(watchInterval)
	defer tick.Stop()
	for {
		m.recordOldest(ctx, desk, clock())
		m.recordLate(ctx, desk, promised.LateBefore(clock()))
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// recordOldest reads the first ticket of the queue, by an index.
func (m *Metrics) recordOldest(ctx context.Context, desk ticket.Desk, now time.Time) {
	ctx, cancel := context.WithTimeout(ctx, watchInterval)
	defer cancel()
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

// recordLate counts the tickets that wait since before a time, up to one more than ticket.BacklogMost.
func (m *Metrics) recordLate(ctx context.Context, desk ticket.Desk, before time.Time) {
	if before.IsZero() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, watchInterval)
	defer cancel()
	if late, err := desk.Backlog(ctx, before); err == nil {
		m.late.Set(float64(late.Count))
	}
}

// CacheStats counts the look-ups of the cache.
type CacheStats struct{ Hits, Misses, Size int64 }

// RegisterCache registers the metrics of a cache.
func (m *Metrics) RegisterCache(stats func() CacheStats) {
	m.registerCounter("docket_cache_hits_total", "Look-ups answered from the cache.", nil, func() float64 { return float64(stats().Hits) })
	m.registerCounter("docket_cache_misses_total", "Look-ups loaded from a database.", nil, func() float64 { return float64(stats().Misses) })
	m.registerGauge("docket_cache_entries", "Look-ups in the cache.", nil, func() float64 { return float64(stats().Size) })
}

// PoolStats describes a pool of connections.
type PoolStats struct {
	Max, Acquired, Idle, Waiting, Refused int64
	Waited                                time.Duration // total
}

// RegisterPool registers the metrics of a database's pool.
func (m *Metrics) RegisterPool(database string, stats func() PoolStats) {
	label := prometheus.Labels{"database": database}
	m.registerGauge("docket_pool_most_connections", "How many connections a pool may have.", label, func() float64 { return float64(stats().Max) })
	m.registerGauge("docket_pool_acquired_connections", "How many connections of a pool are in use.", label, func() float64 { return float64(stats().Acquired) })
	m.registerGauge("docket_pool_idle_connections", "How many connections of a pool are idle.", label, func() float64 { return float64(stats().Idle) })
	m.registerGauge("docket_pool_waiting", "How many requests wait for a connection.", label, func() float64 { return float64(stats().Waiting) })
	m.registerCounter("docket_pool_refused_total", "Requests that waited for a connection and got none.", label, func() float64 { return float64(stats().Refused) })
	m.registerCounter("docket_pool_wait_seconds_total", "Total time that requests waited for a connection.", label, func() float64 { return stats().Waited.Seconds() })
}

// RegisterReplica registers the metric of a replica's age: how many seconds ago it is proven to have had everything.
func (m *Metrics) RegisterReplica(database string, age func() float64) {
	m.registerGauge("docket_replica_proven_age_seconds", "How long ago the replica is proven to have had everything; infinite while that is unknown.",
		prometheus.Labels{"database": database}, age)
}

// RegisterOptions registers the metrics of a file of options: how many are in use, and whether they are those of the file.
func (m *Metrics) RegisterOptions(file string, count, wrong func() float64) {
	m.registerGauge("docket_options", "How many options of a file beside the form are in use.", prometheus.Labels{"file": file}, count)
	m.registerGauge("docket_options_wrong", "1 while a file of options has a mistake, and the last good one is in use.", prometheus.Labels{"file": file}, wrong)
}

// RegisterFeed registers the metrics of the feed of events: for how many seconds a transaction that runs has held it up, and how many
// readers wait.
func (m *Metrics) RegisterFeed(lag, readers func() float64) {
	m.registerGauge("docket_feed_lag_seconds", "For how long a transaction that has taken the number of an event, and runs, has held up the events after it.", nil, lag)
	m.registerGauge("docket_feed_readers", "How many readers of the feed of events are being answered, or wait.", nil, readers)
}
