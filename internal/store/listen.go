package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"docket/internal/postgres"
	"docket/internal/sleep"
	"docket/internal/ticket"
)

// The channels of notifications. The payload of the first two is a user, of the next two a version and a user, of the others a ticket.
const (
	changeChannel  = "docket_change"
	erasedChannel  = "docket_erased"          // the database notifies of an erasure, beside the change
	removedChannel = "docket_removed"         // and of the latest approval of a user that is removed, whose version it was
	subjectChannel = "docket_subject_removed" // and of the latest approval for a subject, whose version, user and subject it names
	workChannel    = "docket_work"            // somebody else works on the ticket
	lookChannel    = "docket_look"            // somebody else looks at the ticket
)

const listenStatement = "LISTEN " + changeChannel + "; LISTEN " + erasedChannel + "; LISTEN " + removedChannel + "; LISTEN " + subjectChannel + "; LISTEN " + workChannel + "; LISTEN " + lookChannel

// A LISTEN connection that no longer works is noticed within the sum of the two.
const (
	pingInterval = 5 * time.Second // how long it may be silent before it is pinged
	pingTime     = 2 * time.Second // how long the answer may take
	listenTime   = 5 * time.Second // how long a new connection may take, and LISTEN
)

// Listener receives the changes that instances publish, over its own direct connection to the primary.
type Listener struct {
	URL          string
	Change       func(ticket.Change) // called for every change of every instance
	Work         func(ticket string) // called when somebody else works on a ticket; may be nil
	Look         func(ticket string) // called when somebody else looks at a ticket; may be nil
	Reset        func()              // called when the listener is connected, and may have missed earlier changes
	PingInterval time.Duration       // how long the connection may be silent before it is pinged; 0: 5 s
	Connected    func(bool)          // called when the listener is connected, and when it no longer is; may be nil
	Log          *slog.Logger
}

// Run listens until ctx ends, and connects again whenever the connection is lost.
func (l Listener) Run(ctx context.Context) error {
	for {
		err := l.listen(ctx)
		if ctx.Err() != nil {
			return nil
		}
		l.Log.Warn("changes of other instances are not received, connecting again", "error", postgres.LogText(err))
		if sleep.For(ctx, 250*time.Millisecond) != nil {
			return nil
		}
	}
}

func (l Listener) listen(ctx context.Context) error {
	connectCtx, cancel := context.WithTimeout(ctx, listenTime)
	defer cancel()
	conn, err := l.connect(connectCtx)
	if err != nil {
		return fmt.Errorf("connect to listen: %w", err)
	}
	defer closeConn(ctx, conn)
	if _, err := conn.Exec(connectCtx, listenStatement); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	l.setConnected(true)
	defer l.setConnected(false)
	l.Reset() // after LISTEN: what was written before it is forgotten, what is written after it is received
	for {
		if err := l.receive(ctx, conn); err != nil {
			return err
		}
	}
}

func (l Listener) setConnected(connected bool) {
	if l.Connected != nil {
		l.Connected(connected)
	}
}

// connect makes a connection that an operator finds in pg_stat_activity.
func (l Listener) connect(ctx context.Context) (*pgx.Conn, error) {
	config, err := postgres.ParseConnection(l.URL)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "docket listens"
	return pgx.ConnectConfig(ctx, config)
}

// receive waits for one change; after a silence it pings the server instead.
func (l Listener) receive(ctx context.Context, conn *pgx.Conn) error {
	wait, cancel := context.WithTimeout(ctx, cmp.Or(l.PingInterval, pingInterval))
	defer cancel()
	n, err := conn.WaitForNotification(wait)
	if err == nil {
		l.dispatch(n)
		return nil
	}
	if ctx.Err() != nil || !errors.Is(wait.Err(), context.DeadlineExceeded) {
		return err
	}
	ping, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	return conn.Ping(ping)
}

// dispatch calls what a notification is for.
func (l Listener) dispatch(n *pgconn.Notification) {
	switch {
	case n.Channel == workChannel && l.Work != nil:
		l.Work(n.Payload)
	case n.Channel == lookChannel && l.Look != nil:
		l.Look(n.Payload)
	case n.Channel == changeChannel || n.Channel == erasedChannel:
		l.Change(ticket.Change{UserID: n.Payload, Erased: n.Channel == erasedChannel})
	case n.Channel == removedChannel:
		l.Change(removalOf(n.Payload))
	case n.Channel == subjectChannel:
		payload, subject, _ := strings.Cut(n.Payload, "\n")
		change := removalOf(payload)
		change.Subject = subject
		l.Change(change)
	}
}

// removalOf reads a notification of an approval that was removed. If it cannot be read, its user is read again, as after any change.
func removalOf(payload string) ticket.Change {
	version, user, _ := strings.Cut(payload, " ")
	ms, err := strconv.ParseInt(version, 10, 64)
	if err != nil {
		return ticket.Change{UserID: user}
	}
	return ticket.Change{UserID: user, Removed: time.UnixMilli(ms)}
}

// closeConn closes a connection that may no longer work, in limited time.
func closeConn(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTime)
	defer cancel()
	_ = conn.Close(ctx) // it is not used any more
}
