package postgres

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Waits is how it stands at the door of a pool.
type Waits struct {
	Waiting int64         // now
	Refused int64         // ever, for want of a connection
	Waited  time.Duration // all who ever waited, together
}

// WaitsOf tells how it stands at the door of a pool that Connect opened.
func WaitsOf(pool *pgxpool.Pool) Waits {
	d, ok := pool.Config().ConnConfig.Tracer.(*door)
	if !ok {
		return Waits{}
	}
	return Waits{Waiting: d.waiting.Load(), Refused: d.refused.Load(), Waited: time.Duration(d.waited.Load())}
}
