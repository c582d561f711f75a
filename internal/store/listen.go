package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"docket/internal/postgres"
	"docket/internal/ticket"
)

const channel = "docket_change"

// A LISTEN connection that nothing comes through any more is noticed within the sum of the two.
const (
	silence  = 5 * time.Second // how long it may say nothing before it is asked whether it lives
	patience = 2 * time.Second // how long it may take to answer that, or to be made
)

// Listener hears what other instances write, over a connection of its own straight to the primary.
type Listener struct {
	URL     string
	Change  func(ticket.Change) // called for every change of every instance
	Reset   func()              // called whenever changes are heard from now on, and earlier ones may have been missed
	Silence time.Duration       // how long the connection may say nothing before it is asked whether it lives; 5 s by default
	Heard   func(bool)          // called when changes are heard from now on, and when they no longer are; nil: nobody asks
	Log     *slog.Logger
}

// Run listens until ctx ends and connects again whenever the connection is lost.
func (l Listener) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := l.listen(ctx)
		if ctx.Err() != nil {
			return nil
		}
		l.Log.Warn("changes of other instances are not heard, trying again", "error", postgres.LogText(err))
		pause(ctx, 250*time.Millisecond)
	}
	return nil
}

func (l Listener) listen(ctx context.Context) error {
	connect, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	conn, err := l.connect(connect)
	if err != nil {
		return fmt.Errorf("connect to listen: %w", err)
	}
	defer hangUp(ctx, conn)
	if _, err := conn.Exec(connect, "LISTEN "+channel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	l.heard(true)
	defer l.heard(false)
	l.Reset() // in this order: what was written before LISTEN is forgotten, what comes after is heard
	for {
		if err := l.next(ctx, conn); err != nil {
			return err
		}
	}
}

func (l Listener) heard(now bool) {
	if l.Heard != nil {
		l.Heard(now)
	}
}

// connect makes a connection that an operator finds in pg_stat_activity.
func (l Listener) connect(ctx context.Context) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(l.URL)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "docket listens"
	return pgx.ConnectConfig(ctx, config)
}

// next waits for one change, or for silence, and then asks whether the connection still lives.
func (l Listener) next(ctx context.Context, conn *pgx.Conn) error {
	wait, cancel := context.WithTimeout(ctx, cmp.Or(l.Silence, silence))
	defer cancel()
	n, err := conn.WaitForNotification(wait)
	if err == nil {
		l.Change(ticket.Change{UserID: n.Payload})
		return nil
	}
	if ctx.Err() != nil || !errors.Is(wait.Err(), context.DeadlineExceeded) {
		return err
	}
	ping, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return conn.Ping(ping)
}

// hangUp gives a connection up; one that nothing comes through any more would not notice that.
func hangUp(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_ = conn.Close(ctx) // it is given up either way
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
