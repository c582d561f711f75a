package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/ticket"
)

const (
	suspectTime = 500 * time.Millisecond // how long nothing may be heard of a server before it is probed
	probeTime   = 500 * time.Millisecond // how long it may take to answer the probe before all requests are refused
	silentTrips = 2                      // each of them and as many round trips
	probePause  = 250 * time.Millisecond // between two probes
)

var errSilent = fmt.Errorf("the server does not answer: %w", ticket.ErrUnavailable)

// silenceDetector finds out when the server of a pool is silent: it says nothing on any connection. Then a single probe
// asks it again and again, and every other request is refused at once: those that waited for it would hold all
// connections. Anything that the server says ends the silence.
type silenceDetector struct {
	start   time.Time
	meter   *tripMeter
	waiting atomic.Int64 // when the first bytes were sent that are not answered yet: nanoseconds after start; 0: all are
	mu      sync.Mutex   // guards what follows
	probe   *probe       // nil: none is running
}

// probe asks a server that is suspected to be silent.
type probe struct {
	late     chan struct{} // closed when the server has not answered in quietTime
	failed   chan struct{} // closed when the server has not answered in probeTime
	answered chan struct{} // closed when it has
}

func (d *silenceDetector) sent() {
	if d.waiting.Load() == 0 {
		d.waiting.CompareAndSwap(0, int64(time.Since(d.start)))
	}
}

func (d *silenceDetector) received() {
	if d.waiting.Load() != 0 {
		d.waiting.Store(0)
	}
}

// receivedUnless counts an error as an answer, such as that a connection is refused, unless it comes from waiting in vain.
func (d *silenceDetector) receivedUnless(err error) {
	if !isSilence(err) {
		d.received()
	}
}

// suspects reports whether the server has not answered for so long that it has to be probed.
func (d *silenceDetector) suspects() bool { return d.unheardFor(suspectTime) }

// unheardFor reports whether the server was waited for, and nothing was heard of it, for a time and what the way takes.
func (d *silenceDetector) unheardFor(limit time.Duration) bool {
	since := d.waiting.Load()
	return since != 0 && time.Since(d.start)-time.Duration(since) > limit+d.meter.trips(silentTrips)
}

// check returns errSilent if the server is silent. If that is not known yet, it waits for the probe.
func (d *silenceDetector) check(ctx context.Context, pool *pgxpool.Pool) error {
	if !d.suspects() || isProbe(ctx) {
		return nil
	}
	p := d.startProbe(ctx, pool)
	select {
	case <-p.failed:
		return errSilent
	case <-p.answered:
	case <-ctx.Done(): // the wait for a connection ends with ctx, too
	}
	return nil
}

// startProbe returns the probe that is running, or starts one.
func (d *silenceDetector) startProbe(ctx context.Context, pool *pgxpool.Pool) *probe {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.probe == nil {
		d.probe = &probe{late: make(chan struct{}), failed: make(chan struct{}), answered: make(chan struct{})}
		go d.run(context.WithoutCancel(ctx), pool, d.probe)
	}
	return d.probe
}

// run probes the server until it says something, or the pool is closed. The connections of a silent server are given up:
// the server may have forgotten them.
func (d *silenceDetector) run(ctx context.Context, pool *pgxpool.Pool, p *probe) {
	late := time.AfterFunc(quietTime+d.meter.trips(silentTrips), func() { close(p.late) })
	defer late.Stop()
	fail := sync.OnceFunc(func() {
		close(p.failed)
		pool.Reset()
	})
	for !d.answers(ctx, pool) {
		fail()
		time.Sleep(probePause)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.probe = nil
	close(p.answered)
}

// answers reports whether a server has answered a probe, or anything else meanwhile. A pool that is closed is done with it.
func (d *silenceDetector) answers(ctx context.Context, pool *pgxpool.Pool) bool {
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, probeKey{}, true), probeTime+d.meter.trips(silentTrips))
	defer cancel()
	err := pool.Ping(ctx)
	if err == nil || !isSilence(err) && !errors.Is(err, ticket.ErrOverloaded) && !errors.Is(err, errNoConnect) {
		d.received()
	}
	return !d.suspects()
}

type probeKey struct{}

func isProbe(ctx context.Context) bool {
	return ctx.Value(probeKey{}) != nil
}

// SilenceCheck returns a function that fails if the server of a pool is known to be silent. It never waits.
func SilenceCheck(pool *Pool) func() error { return pool.admission.silence.knownSilence }

// knownSilence returns errSilent if the server has failed the probe, and has not spoken since.
func (d *silenceDetector) knownSilence() error {
	if d.suspects() && d.isKnown(func(p *probe) <-chan struct{} { return p.failed }) {
		return errSilent
	}
	return nil
}
