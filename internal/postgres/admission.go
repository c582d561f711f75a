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
	acquireTime = 500 * time.Millisecond // how long anybody waits for a connection
	connectTime = 2 * time.Second        // how long one may take that is being made
	reserve     = 2                      // connections that only urgent work gets
	queueLength = 8                      // how many may wait for each connection that a pool has
)

var (
	errFull   = fmt.Errorf("every connection is taken: %w", ticket.ErrOverloaded)
	errSilent = fmt.Errorf("no connection could be made in time: %w", ticket.ErrUnavailable)
)

// door is where one waits for a connection of a pool: not for long, not with any number of others, and apart from
// urgent work not for the last ones. It is the pool's tracer, since a tracer gives each wait its context: so whatever
// uses the pool comes through the door.
type door struct {
	ordinary chan struct{} // has a value for each connection that ordinary work holds or is about to
	most     int64         // may wait
	waiting  atomic.Int64
	refused  atomic.Int64
	waited   atomic.Int64 // nanoseconds, of all who ever waited
	pooled   atomic.Bool  // there is a pooler behind it
}

func newDoor(connections int32) *door {
	return &door{ordinary: make(chan struct{}, max(connections-reserve, 1)), most: queueLength * int64(connections)}
}

// visit is the context of one wait. It ends with words that say who is to blame, so that nobody takes a full house for
// a slow database.
type visit struct {
	context.Context
	leave context.CancelFunc
	alarm *time.Timer
	asked context.Context
	pool  *pgxpool.Pool
	began time.Time
	holds bool // a place of ordinary work
	full  bool
}

// Err implements context.Context.
func (v *visit) Err() error {
	err := v.Context.Err()
	if err == nil || v.asked.Err() != nil {
		return err
	}
	if held := v.pool.Stat(); v.full || held.AcquiredConns() == held.MaxConns() {
		return errFull
	}
	return errSilent
}

// late ends the wait, unless there is room and a connection is being made.
func (v *visit) late() {
	stand := v.pool.Stat()
	if stand.ConstructingConns() > 0 && stand.AcquiredConns() < stand.MaxConns()-reserve {
		time.AfterFunc(connectTime-acquireTime, v.leave) // by then it is over, one way or the other
		return
	}
	v.leave()
}

// TraceAcquireStart implements pgxpool.AcquireTracer.
func (d *door) TraceAcquireStart(ctx context.Context, pool *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	v := &visit{asked: ctx, pool: pool, began: time.Now()}
	v.Context, v.leave = context.WithCancel(ctx)
	v.alarm = time.AfterFunc(acquireTime, v.late)
	if ticket.IsUrgent(ctx) {
		return v
	}
	if v.holds = d.enter(v.Context); !v.holds {
		v.full = true
		v.leave()
	}
	return v
}

// enter reports whether there was a place, or one became free in time.
func (d *door) enter(ctx context.Context) bool {
	select {
	case d.ordinary <- struct{}{}:
		return true
	default:
	}
	defer d.waiting.Add(-1)
	if d.waiting.Add(1) > d.most {
		return false
	}
	select {
	case d.ordinary <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// ours marks a connection that takes up a place of ordinary work.
const ours = "ordinary"

// TraceAcquireEnd implements pgxpool.AcquireTracer.
func (d *door) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, end pgxpool.TraceAcquireEndData) {
	v, ok := ctx.(*visit)
	if !ok {
		return
	}
	d.waited.Add(int64(time.Since(v.began)))
	v.alarm.Stop()
	v.leave()
	switch {
	case end.Err == nil && v.holds:
		end.Conn.PgConn().CustomData()[ours] = true
	case end.Err != nil:
		d.refused.Add(1)
		if v.holds {
			<-d.ordinary
		}
	}
}

// TraceRelease implements pgxpool.ReleaseTracer.
func (d *door) TraceRelease(_ *pgxpool.Pool, end pgxpool.TraceReleaseData) {
	if data := end.Conn.PgConn().CustomData(); data[ours] != nil {
		delete(data, ours)
		<-d.ordinary
	}
}

// TraceQueryStart implements pgx.QueryTracer, which a tracer of pools has to be.
func (d *door) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (d *door) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
