package app

import (
	"math"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/metrics"
	"docket/internal/postgres"
)

// measure lets the metrics ask those who know.
func (i *Instance) measure() {
	i.Metrics.Cache(func() metrics.Cached { return metrics.Cached(i.Desk.Counts()) })
	i.Metrics.Pool("primary", func() metrics.Pooled { return pooled(i.Primary) })
	for _, r := range i.replicas {
		i.Metrics.Pool(r.name, func() metrics.Pooled { return pooled(r.pool) })
		i.Metrics.Replica(r.name, func() float64 {
			if age, proven := r.gate.Age(); proven {
				return age.Seconds()
			}
			return math.Inf(1) // so that an alert cannot overlook it
		})
	}
}

func pooled(pool *pgxpool.Pool) metrics.Pooled {
	now, door := pool.Stat(), postgres.AdmissionStatsOf(pool)
	return metrics.Pooled{
		Most: int64(now.MaxConns()), Acquired: int64(now.AcquiredConns()), Idle: int64(now.IdleConns()),
		Waiting: door.Waiting, Refused: door.Refused, Waited: door.Waited,
	}
}
