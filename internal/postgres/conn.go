package postgres

import (
	"context"
	"errors"
	"net"
	"os"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// closeTime bounds what is done for a connection that is given up: asking the server to cancel its statement, and reading
// what is still sent. As long as that takes, the connection has its place in the pool.
const (
	closeTime  = 500 * time.Millisecond
	closeTrips = 2 // and as many round trips
)

// cancelTime is how long pgx gives itself to cancel a statement at least, and no connection takes.
const cancelTime = connectTime + (connTrips+1)*maxTrip

// watchedConn tells a silenceDetector what is sent and received.
type watchedConn struct {
	net.Conn
	detector *silenceDetector
}

// dialWatched wraps a dial function.
func dialWatched(dial pgconn.DialFunc, d *silenceDetector) pgconn.DialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		cancels := dialsToCancel(ctx)
		if cancels {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, d.closeTime())
			defer cancel()
		}
		d.sent()
		began := time.Now()
		conn, err := dial(ctx, network, address)
		if err != nil {
			d.receivedUnless(err)
			return nil, err
		}
		d.meter.addDial(time.Since(began))
		if cancels {
			err = conn.SetDeadline(time.Now().Add(d.closeTime()))
		}
		return watchedConn{conn, d}, err
	}
}

// dialsToCancel reports whether pgx dials to cancel a statement: it takes much longer for that than a connection may.
func dialsToCancel(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) > cancelTime
}

func (d *silenceDetector) closeTime() time.Duration { return closeTime + d.meter.trips(closeTrips) }

// Write implements net.Conn.
func (c watchedConn) Write(b []byte) (int, error) {
	c.detector.sent()
	return c.Conn.Write(b)
}

// Read implements net.Conn.
func (c watchedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.detector.received()
	} else {
		c.detector.receivedUnless(err)
	}
	return n, err
}

// SetDeadline implements net.Conn. pgx sets a deadline in the future only before it closes the connection.
func (c watchedConn) SetDeadline(t time.Time) error {
	if latest := time.Now().Add(c.detector.closeTime()); t.After(latest) {
		t = latest
	}
	return c.Conn.SetDeadline(t)
}

// isSilence reports whether an error says no more of the server than that it was not heard of.
func isSilence(err error) bool {
	return os.IsTimeout(err) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, context.Canceled) || errors.Is(err, net.ErrClosed)
}
