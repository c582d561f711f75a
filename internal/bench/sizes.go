package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// figure is a single measured value.
type figure struct{ name, value, target string }

const mebi = 1 << 20

// measureSizes measures how soon docket answers, and how much memory and disk it takes.
func (b *bench) measureSizes(ctx context.Context) error {
	var starts []float64
	for range b.rounds {
		took, err := b.measureStart(ctx)
		if err != nil {
			return err
		}
		starts = append(starts, took.Seconds()*1000)
	}
	info, err := os.Stat(b.binaryPath())
	if err != nil {
		return err
	}
	b.figures = append(b.figures,
		figure{"start to first answer, migrated database", fmt.Sprintf("%.0f ms", medianOf(starts)), "≤ 150 ms"},
		figure{"stripped binary", fmt.Sprintf("%.1f MiB", float64(info.Size())/mebi), "≤ 40 MiB"})
	idle, more, err := b.measureMemory(ctx, b.large, b.users)
	if err != nil {
		return err
	}
	b.figures = append(b.figures,
		figure{"memory, idle", fmt.Sprintf("%.0f MiB", float64(idle)/mebi), "≤ 30 MiB"},
		figure{fmt.Sprintf("memory with %d approvals of 800 bytes cached", min(len(b.users), cacheSize)), fmt.Sprintf("%.0f MiB more", float64(more)/mebi), ""})
	short, err := b.createShortApprovals(ctx)
	if err != nil {
		return err
	}
	_, more, err = b.measureMemory(ctx, short, numberedUsers(cacheSize))
	b.figures = append(b.figures,
		figure{fmt.Sprintf("memory with %d approvals of 300 bytes cached", cacheSize), fmt.Sprintf("%.0f MiB more", float64(more)/mebi), "≤ 80 MiB more"})
	return err
}

func (b *bench) measureStart(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	p, err := b.startDocket(ctx, b.large)
	if err != nil {
		return 0, err
	}
	w, err := dialServer(p.url)
	if err != nil {
		return 0, err
	}
	if err := w.do(b.lookupRequest(b.users[0]), 200); err != nil {
		return 0, err
	}
	return time.Since(began), p.stop()
}

const cacheSize = 100_000 // approvals in a full cache

// measureMemory fills the cache and returns the memory of docket before, and how much more it is after.
func (b *bench) measureMemory(ctx context.Context, database string, users []string) (idle, more int64, err error) {
	p, err := b.startDocket(ctx, database)
	if err != nil {
		return 0, 0, err
	}
	time.Sleep(time.Second) // until the work of the start is done
	idle = residentMemory(p.pid())
	count := min(int64(len(users)), cacheSize)
	_, err = burst{workers: workers, ops: count}.run(ctx, func(int) (func(int64) error, error) {
		w, err := dialServer(p.url)
		if err != nil {
			return nil, err
		}
		return func(n int64) error { return w.do(b.lookupRequest(users[n]), 200) }, nil
	})
	if err != nil {
		return 0, 0, err
	}
	more = residentMemory(p.pid()) - idle
	return idle, more, p.stop()
}

// createShortApprovals makes a database with latest approvals only, whose answers are as short as those of most forms.
func (b *bench) createShortApprovals(ctx context.Context) (string, error) {
	url, err := b.ensureDatabase(ctx, "short_approvals", 0)
	if err != nil {
		return "", err
	}
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, `SET session_replication_role = replica; -- there are no tickets behind them
		INSERT INTO user_tickets (user_id, ticket_id, extra, decided_by, created_at_ms, updated_at_ms)
		SELECT 'u-' || n, gen_random_uuid(), jsonb_build_object('full_name', repeat('x', 281)), 'agent:' || n % 32, 1, 1
		FROM generate_series(1, `+strconv.Itoa(cacheSize)+`) AS n`)
	return url, err
}

// numberedUsers are the users of that database.
func numberedUsers(count int) []string {
	users := make([]string, count)
	for i := range users {
		users[i] = "u-" + strconv.Itoa(i+1)
	}
	return users
}
