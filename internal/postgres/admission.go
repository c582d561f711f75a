package postgres

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/ticket"
)

const (
	acquireTime  = 500 * time.Millisecond // how long a request waits for a connection
	acquireTrips = 2                      // and as many round trips: those that others hold it for, and a ping
	connectTime  = 2 * time.Second        // how long a new connection may take
	connTrips    = 6                      // and as many round trips: TCP, TLS, SCRAM and the first statements
	reserved     = 2                      // connections for urgent requests only
	queueLength  = 8                      // requests that may wait for each connection of a pool
)

var (
	errPoolFull  = fmt.Errorf("every connection is in use: %w", ticket.ErrOverloaded)
	errNoConnect = fmt.Errorf("no connection could be made in time: %w", ticket.ErrUnavailable)
)

// admission limits who waits for a connection of a pool: for how long, how many at once, and how many connections ordinary
// requests may use. It is the pool's tracer, since a tracer gives each wait its context: so it applies to whatever uses
// the pool.
type admission struct {
	ordinary   chan struct{} // has a value for each connection that an ordinary request has or is about to get
	maxWaiting int64
	waiting    atomic.Int64
	refused    atomic.Int64
	waited     atomic.Int64 // nanoseconds, of all waits together
	pooler     atomic.Bool  // the pool's connections end at a pooler
	statements atomic.Int32 // whether that keeps prepared statements: unknown, kept or lost
	meter      tripMeter
	silence    silenceDetector
}

func newAdmission(maxConns int32) *admission {
	a := &admission{ordinary: make(chan struct{}, max(maxConns-reserved, 1)), maxWaiting: queueLength * int64(maxConns)}
	a.silence = silenceDetector{start: time.Now(), meter: &a.meter}
	return a
}

// acquireContext is the context of one wait. Its error tells a full pool from a server that cannot be reached.
type acquireContext struct {
	context.Context
	cancel  context.CancelFunc
	timer   *time.Timer
	parent  context.Context
	pool    *pgxpool.Pool
	meter   *tripMeter
	began   time.Time
	hasSlot bool  // of ordinary requests
	refusal error // why the wait ended before it began
}

// Err implements context.Context.
func (c *acquireContext) Err() error {
	err := c.Context.Err()
	if err == nil || c.parent.Err() != nil {
		return err
	}
	if c.refusal != nil {
		return c.refusal
	}
	if stat := c.pool.Stat(); stat.AcquiredConns() == stat.MaxConns() {
		return errPoolFull
	}
	return errNoConnect
}

// expire ends the wait, unless a connection is being made and the pool is not full.
func (c *acquireContext) expire() {
	stat := c.pool.Stat()
	if stat.ConstructingConns() > 0 && stat.AcquiredConns() < stat.MaxConns()-reserved {
		time.AfterFunc(connectTime-acquireTime+c.meter.trips(connTrips), c.cancel) // by then the connection is made, or was given up
		return
	}
	c.cancel()
}

// TraceAcquireStart implements pgxpool.AcquireTracer.
func (a *admission) TraceAcquireStart(ctx context.Context, pool *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	c := &acquireContext{parent: ctx, pool: pool, meter: &a.meter, began: time.Now()}
	c.refusal = a.silence.check(ctx, pool)
	c.Context, c.cancel = context.WithCancel(ctx)
	c.timer = time.AfterFunc(acquireTime+a.meter.trips(acquireTrips), c.expire)
	if c.refusal == nil && !ticket.IsUrgent(ctx) && !isProbe(ctx) {
		if c.hasSlot = a.waitForSlot(c.Context); !c.hasSlot {
			c.refusal = errPoolFull
		}
	}
	if c.refusal != nil {
		c.cancel()
	}
	return c
}

// waitForSlot reports whether an ordinary request may acquire a connection: at once, or when another one is released in
// time. It does not wait when too many do.
func (a *admission) waitForSlot(ctx context.Context) bool {
	select {
	case a.ordinary <- struct{}{}:
		return true
	default:
	}
	defer a.waiting.Add(-1)
	if a.waiting.Add(1) > a.maxWaiting {
		return false
	}
	select {
	case a.ordinary <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

const slotKey = "ordinary" // marks a connection of an ordinary request

// TraceAcquireEnd implements pgxpool.AcquireTracer.
func (a *admission) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, end pgxpool.TraceAcquireEndData) {
	c, ok := ctx.(*acquireContext)
	if !ok {
		return
	}
	a.waited.Add(int64(time.Since(c.began)))
	c.timer.Stop()
	c.cancel()
	switch {
	case end.Err == nil && c.hasSlot:
		end.Conn.PgConn().CustomData()[slotKey] = true
	case end.Err != nil:
		a.refused.Add(1)
		if c.hasSlot {
			<-a.ordinary
		}
	}
}

// TraceRelease implements pgxpool.ReleaseTracer.
func (a *admission) TraceRelease(_ *pgxpool.Pool, end pgxpool.TraceReleaseData) {
	if data := end.Conn.PgConn().CustomData(); data[slotKey] != nil {
		delete(data, slotKey)
		<-a.ordinary
	}
}

// TraceQueryStart implements pgx.QueryTracer, which a tracer of pools has to be.
func (a *admission) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (a *admission) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
