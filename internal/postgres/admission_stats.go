package postgres

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// AdmissionStats says how many requests wait for a connection of a pool.
type AdmissionStats struct {
	Waiting int64         // now
	Refused int64         // since the pool was opened, because there was no connection
	Waited  time.Duration // of all waits since then, together
}

// AdmissionStatsOf returns the statistics of a pool that Connect opened; zero for any other.
func AdmissionStatsOf(pool *pgxpool.Pool) AdmissionStats {
	a, ok := admissionOf(pool)
	if !ok {
		return AdmissionStats{}
	}
	return AdmissionStats{Waiting: a.waiting.Load(), Refused: a.refused.Load(), Waited: time.Duration(a.waited.Load())}
}
