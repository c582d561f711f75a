package main

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// sample is what one side of a comparison did in one round.
type sample struct {
	Ops  int64         `json:"ops"`
	Took time.Duration `json:"took"`
	P50  time.Duration `json:"p50"`
	CPU  time.Duration `json:"-"` // of the server, with its databases
}

func (s sample) rate() float64  { return float64(s.Ops) / s.Took.Seconds() }
func (s sample) perOp() float64 { return float64(s.CPU.Microseconds()) / float64(s.Ops) } // in µs

// burst is a load by so many workers, for a duration or, when ops is set, for a number of operations.
type burst struct {
	workers  int
	duration time.Duration
	ops      int64 // 0: no limit
}

// run lets every worker do one operation after another. work makes what one worker does; its operation gets a number.
func (b burst) run(ctx context.Context, work func(worker int) (func(n int64) error, error)) (sample, error) {
	var next atomic.Int64
	var mu sync.Mutex // guards times
	var times []time.Duration
	g, ctx := errgroup.WithContext(ctx)
	began := time.Now()
	for worker := range b.workers {
		g.Go(func() error {
			do, err := work(worker)
			if err != nil {
				return err
			}
			own, err := b.repeat(ctx, &next, began, do)
			mu.Lock()
			defer mu.Unlock()
			times = append(times, own...)
			return err
		})
	}
	err := g.Wait()
	s := sample{Ops: int64(len(times)), Took: time.Since(began)}
	if len(times) > 0 {
		slices.Sort(times)
		s.P50 = times[len(times)/2]
	}
	return s, err
}

func (b burst) repeat(ctx context.Context, next *atomic.Int64, began time.Time, do func(int64) error) (times []time.Duration, err error) {
	for before := time.Now(); ctx.Err() == nil && (b.ops > 0 || before.Sub(began) < b.duration); {
		n := next.Add(1) - 1
		if b.ops > 0 && n >= b.ops {
			break
		}
		if err := do(n); err != nil {
			return times, err
		}
		now := time.Now()
		times = append(times, now.Sub(before))
		before = now
	}
	return times, ctx.Err()
}

// medianOf returns the median; of no values it is 0.
func medianOf(values []float64) float64 {
	values = slices.Sorted(slices.Values(values))
	if len(values) == 0 {
		return 0
	}
	return (values[(len(values)-1)/2] + values[len(values)/2]) / 2
}
