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
const closeTime = 500 * time.Millisecond

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
			ctx, cancel = context.WithTimeout(ctx, closeTime)
			defer cancel()
		}
		d.sent()
		conn, err := dial(ctx, network, address)
		if err != nil {
			d.receivedUnless(err)
			return nil, err
		}
		if cancels {
			err = conn.SetDeadline(time.Now().Add(closeTime))
		}
		return watchedConn{conn, d}, err
	}
}

// dialsToCancel reports whether pgx dials to cancel a statement: it takes much longer for that than a connection may.
func dialsToCancel(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) > connectTime
}

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
	if latest := time.Now().Add(closeTime); t.After(latest) {
		t = latest
	}
	return c.Conn.SetDeadline(t)
}

// isSilence reports whether an error says no more of the server than that it was not heard of.
func isSilence(err error) bool {
	return os.IsTimeout(err) || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.Is(err, context.Canceled) || errors.Is(err, net.ErrClosed)
}
