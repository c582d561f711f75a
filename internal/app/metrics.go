package app

import (
	"math"

	"docket/internal/audit"
	"docket/internal/form"
	"docket/internal/metrics"
	"docket/internal/postgres"
)

// registerMetrics registers what is read at each scrape, and what is 0 until it happens.
func (i *Instance) registerMetrics(rules []*form.Rule) {
	for _, action := range audit.Actions {
		i.Metrics.RegisterAction(string(action))
	}
	for _, rule := range rules {
		i.Metrics.RegisterRule(rule.Name)
	}
	i.Metrics.RegisterCache(func() metrics.CacheStats { return metrics.CacheStats(i.Desk.Counts()) })
	i.Metrics.RegisterPool("primary", func() metrics.PoolStats { return poolStats(i.Primary) })
	i.Metrics.RegisterFeed(func() float64 { return i.Feed.Lag().Seconds() }, func() float64 { return float64(i.Feed.Waiting()) })
	for _, r := range i.replicas {
		i.Metrics.RegisterPool(r.name, func() metrics.PoolStats { return poolStats(r.pool) })
		i.Metrics.RegisterReplica(r.name, func() float64 {
			if age, proven := r.gate.Age(); proven {
				return age.Seconds()
			}
			return math.Inf(1) // so that an alert cannot overlook it
		})
	}
}

func poolStats(pool *postgres.Pool) metrics.PoolStats {
	stat, admission := pool.Stat(), pool.AdmissionStats()
	return metrics.PoolStats{
		Max: int64(stat.MaxConns()), Acquired: int64(stat.AcquiredConns()), Idle: int64(stat.IdleConns()),
		Waiting: admission.Waiting, Refused: admission.Refused, Waited: admission.Waited,
	}
}
