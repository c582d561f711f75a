package postgres

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	tripSamples = 8           // that the shortest is taken of: a busy machine seldom delays all of them
	maxTrip     = time.Second // what is believed at most
)

// tripMeter measures how long a round trip to the server of a pool takes. Limits are for what a server may take; how far away
// it is comes on top.
type tripMeter struct {
	mu      sync.Mutex // guards samples
	samples []time.Duration
	trip    atomic.Int64
	dialed  atomic.Int64 // how long the last dial took, while there are no samples; a pooler or a proxy is nearer than the server
}

// add notes how long one statement took that needs no time of the server.
func (m *tripMeter) add(took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.samples = append(m.samples, min(took, maxTrip)); len(m.samples) > tripSamples {
		m.samples = m.samples[1:]
	}
	m.trip.Store(int64(slices.Min(m.samples)))
}

func (m *tripMeter) addDial(took time.Duration) { m.dialed.Store(int64(min(took, maxTrip))) }

// trips is how long n round trips take.
func (m *tripMeter) trips(n int) time.Duration {
	trip := m.trip.Load()
	if trip == 0 {
		trip = m.dialed.Load()
	}
	return time.Duration(n) * time.Duration(trip)
}

// Trips is how long n round trips to the server of a pool take, as far as that is known. It is added to the limit of what needs
// so many.
func Trips(pool *Pool, n int) time.Duration { return pool.admission.meter.trips(n) }

const (
	pingIdle  = time.Second // how long a connection may be idle without being pinged before it is used
	pingTrips = 20          // and as many round trips: one that is far away is pinged less often
)

// shouldPing pings a connection that was idle for long, or on which the server said something that nobody asked for: that it
// ends the connection. It is true if that fails: then the pool pings the closed connection again, and gives it up. The pool's
// own limit for a ping does not know how far away the server is.
func (a *admission) shouldPing(ctx context.Context, p pgxpool.ShouldPingParams) bool {
	if p.IdleDuration <= pingIdle+a.meter.trips(pingTrips) && !hasUnread(p.Conn.PgConn().Conn()) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, acquireTime+a.meter.trips(1))
	defer cancel()
	return a.ping(ctx, p.Conn) != nil
}

func (a *admission) ping(ctx context.Context, conn *pgx.Conn) error {
	began := time.Now()
	err := conn.Ping(ctx)
	if err == nil {
		a.meter.add(time.Since(began))
	}
	return err
}
