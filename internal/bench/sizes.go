package main

import (
	"context"
	"fmt"
	"os"
	"time"
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
	return b.memory(ctx)
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

// memory looks up so many users that the cache is full.
func (b *bench) memory(ctx context.Context) error {
	p, err := b.serve(ctx, b.large)
	if err != nil {
		return err
	}
	time.Sleep(time.Second) // idle is what it is after it came to rest
	idle := resident(p.pid())
	count := min(int64(len(b.users)), 100_000)
	_, err = burst{workers: workers, ops: count}.run(ctx, func(int) (func(int64) error, error) {
		w, err := dial(p.url)
		if err != nil {
			return nil, err
		}
		return func(n int64) error { return w.do(b.ask(b.users[n]), 200) }, nil
	})
	if err != nil {
		return err
	}
	full := resident(p.pid())
	b.facts = append(b.facts,
		fact{"memory, idle", fmt.Sprintf("%.0f MiB", float64(idle)/mebi), "≤ 30 MiB"},
		fact{fmt.Sprintf("memory with %d approvals remembered", count), fmt.Sprintf("%.0f MiB more", float64(full-idle)/mebi), "≤ 80 MiB more"})
	return p.stop()
}
