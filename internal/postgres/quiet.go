package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"docket/internal/ticket"
)

// quietTime is how long nothing may be heard of a server on any connection, and then how long it may take to answer a probe,
// before it is quiet. A read that a replica can answer, too, is not kept waiting for it. If it stays quiet it is silent.
const quietTime = 100 * time.Millisecond

var errQuiet = fmt.Errorf("the server does not answer at present: %w", ticket.ErrUnavailable)

// IsQuiet reports whether a read was given up because the server is quiet: it may be slow, or away.
func IsQuiet(err error) bool { return errors.Is(err, errQuiet) }

// ReadUnlessQuiet returns what read returns. If the server of a pool gets quiet before, it returns an error
// that is ticket.ErrUnavailable, and cancels read, which may still run then. A server that is slow for this read and answers
// others is not quiet.
func ReadUnlessQuiet(ctx context.Context, pool *Pool, read func(context.Context) error) error {
	return readUnless(ctx, pool, read, errQuiet, func(p *probe) <-chan struct{} { return p.late })
}

// ReadUnlessSilent is ReadUnlessQuiet for what only the server itself should answer: it returns the error when that is silent.
func ReadUnlessSilent(ctx context.Context, pool *Pool, read func(context.Context) error) error {
	return readUnless(ctx, pool, read, errSilent, func(p *probe) <-chan struct{} { return p.failed })
}

// readUnless reads until the server has not answered a probe for so long that givenUp is closed.
func readUnless(ctx context.Context, pool *Pool, read func(context.Context) error, why error, givenUp func(*probe) <-chan struct{}) error {
	a := pool.admission
	if a.silence.isKnown(givenUp) {
		return why
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- read(ctx) }()
	tick := time.NewTicker(quietTime + a.meter.trips(silentTrips))
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
		}
		if !a.silence.unheardFor(quietTime) {
			continue
		}
		p := a.silence.startProbe(ctx, pool.conns)
		select {
		case err := <-done:
			return err
		case <-givenUp(p):
			return why
		case <-p.answered:
		}
	}
}

// isKnown reports whether a probe is given up, and nothing was heard of the server since. It never waits.
func (d *silenceDetector) isKnown(givenUp func(*probe) <-chan struct{}) bool {
	if !d.unheardFor(quietTime) {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.probe == nil {
		return false
	}
	select {
	case <-givenUp(d.probe):
		return true
	default:
		return false
	}
}
