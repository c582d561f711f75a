package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// fact is something that is measured by itself.
type fact struct{ what, is, target string }

const mebi = 1 << 20

// sizes measures how soon docket answers, and how much memory and disk it takes.
func (b *bench) sizes(ctx context.Context) error {
	var starts []float64
	for range b.rounds {
		took, err := b.startTime(ctx)
		if err != nil {
			return err
		}
		starts = append(starts, took.Seconds()*1000)
	}
	info, err := os.Stat(b.binary())
	if err != nil {
		return err
	}
	b.facts = append(b.facts,
		fact{"start to first answer, migrated database", fmt.Sprintf("%.0f ms", median(starts)), "≤ 150 ms"},
		fact{"stripped binary", fmt.Sprintf("%.1f MiB", float64(info.Size())/mebi), "≤ 40 MiB"})
	idle, more, err := b.memory(ctx, b.large, b.users)
	if err != nil {
		return err
	}
	b.facts = append(b.facts,
		fact{"memory, idle", fmt.Sprintf("%.0f MiB", float64(idle)/mebi), "≤ 30 MiB"},
		fact{fmt.Sprintf("memory with %d approvals of 800 bytes remembered", min(len(b.users), remembered)), fmt.Sprintf("%.0f MiB more", float64(more)/mebi), ""})
	brief, err := b.brief(ctx)
	if err != nil {
		return err
	}
	_, more, err = b.memory(ctx, brief, numbered(remembered))
	b.facts = append(b.facts,
		fact{fmt.Sprintf("memory with %d approvals of 300 bytes remembered", remembered), fmt.Sprintf("%.0f MiB more", float64(more)/mebi), "≤ 80 MiB more"})
	return err
}

func (b *bench) startTime(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	p, err := b.serve(ctx, b.large)
	if err != nil {
		return 0, err
	}
	w, err := dial(p.url)
	if err != nil {
		return 0, err
	}
	if err := w.do(b.ask(b.users[0]), 200); err != nil {
		return 0, err
	}
	return time.Since(began), p.stop()
}

const remembered = 100_000 // approvals, as many as the cache holds

// memory looks up so many users that the cache is full, and tells what docket took before and how much more after.
func (b *bench) memory(ctx context.Context, database string, users []string) (idle, more int64, err error) {
	p, err := b.serve(ctx, database)
	if err != nil {
		return 0, 0, err
	}
	time.Sleep(time.Second) // idle is what it is after it came to rest
	idle = resident(p.pid())
	count := min(int64(len(users)), remembered)
	_, err = burst{workers: workers, ops: count}.run(ctx, func(int) (func(int64) error, error) {
		w, err := dial(p.url)
		if err != nil {
			return nil, err
		}
		return func(n int64) error { return w.do(b.ask(users[n]), 200) }, nil
	})
	if err != nil {
		return 0, 0, err
	}
	more = resident(p.pid()) - idle
	return idle, more, p.stop()
}

// brief is a database of latest approvals alone, with answers that are as short as those of most forms.
func (b *bench) brief(ctx context.Context) (string, error) {
	url, err := b.database(ctx, "brief", 0)
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
		FROM generate_series(1, `+strconv.Itoa(remembered)+`) AS n`)
	return url, err
}

// numbered are the users of the brief database.
func numbered(count int) []string {
	users := make([]string, count)
	for i := range users {
		users[i] = "u-" + strconv.Itoa(i+1)
	}
	return users
}
