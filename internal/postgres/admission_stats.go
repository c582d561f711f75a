package postgres

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// AdmissionStats is how it stands at the door of a pool.
type AdmissionStats struct {
	Waiting int64         // now
	Refused int64         // ever, for want of a connection
	Waited  time.Duration // all who ever waited, together
}

// AdmissionStatsOf tells how it stands at the door of a pool that Connect opened.
func AdmissionStatsOf(pool *pgxpool.Pool) AdmissionStats {
	d, ok := pool.Config().ConnConfig.Tracer.(*door)
	if !ok {
		return AdmissionStats{}
	}
	return AdmissionStats{Waiting: d.waiting.Load(), Refused: d.refused.Load(), Waited: time.Duration(d.waited.Load())}
}
