package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// side is one of the two programs that do the same work.
type side struct {
	name  string
	pids  []int
	run   func(ctx context.Context) (sample, error)
	first func(ctx context.Context) (sample, error) // prepares a round; nil: nothing to prepare
}

// measure runs a side once and adds the CPU time of its processes.
func (s side) measure(ctx context.Context) (sample, error) {
	if s.first != nil {
		if prepared, err := s.first(ctx); err != nil {
			return prepared, err
		}
	}
	before := cpuTime(s.pids...)
	done, err := s.run(ctx)
	done.CPU = cpuTime(s.pids...) - before
	if err == nil && done.Ops == 0 {
		err = fmt.Errorf("%s completed no operation", s.name)
	}
	return done, err
}

// result is docket beside a limit: the medians of all rounds.
type result struct {
	work, beside, target            string
	rate, limitRate, perOp, limitOp float64
	cpuRatio, rateRatio, p50Ratio   float64
}

// compareSides lets both sides take turns, so that other load on the machine affects both.
func compareSides(ctx context.Context, work, target string, rounds int, docket, limit side) (result, error) {
	r := result{work: work, beside: limit.name, target: target}
	var rate, limitRate, op, limitOp, cpuRatio, rateRatio, p50Ratio []float64
	for range rounds {
		b, err := limit.measure(ctx)
		if err != nil {
			return r, fmt.Errorf("%s, %s: %w", work, limit.name, err)
		}
		a, err := docket.measure(ctx)
		if err != nil {
			return r, fmt.Errorf("%s, docket: %w", work, err)
		}
		rate, limitRate = append(rate, a.rate()), append(limitRate, b.rate())
		op, limitOp = append(op, a.perOp()), append(limitOp, b.perOp())
		cpuRatio, rateRatio = append(cpuRatio, a.perOp()/b.perOp()), append(rateRatio, a.rate()/b.rate())
		p50Ratio = append(p50Ratio, float64(a.P50)/float64(b.P50))
	}
	r.rate, r.limitRate, r.perOp, r.limitOp = medianOf(rate), medianOf(limitRate), medianOf(op), medianOf(limitOp)
	r.cpuRatio, r.rateRatio, r.p50Ratio = medianOf(cpuRatio), medianOf(rateRatio), medianOf(p50Ratio)
	fmt.Fprintf(os.Stderr, "%-44s %8.0f/s  %7.1f µs CPU  = %5.2f × CPU, %5.2f × rate of %s\n", work, r.rate, r.perOp, r.cpuRatio, r.rateRatio, r.beside)
	return r, nil
}

// httpLoad sends requests to a server over so many keep-alive connections; request makes the nth.
func httpLoad(url string, connections int, duration time.Duration, want int, request func(n int64) []byte) func(context.Context) (sample, error) {
	return func(ctx context.Context) (sample, error) {
		return burst{workers: connections, duration: duration}.run(ctx, func(int) (func(int64) error, error) {
			w, err := dialServer(url)
			if err != nil {
				return nil, err
			}
			return func(n int64) error { return w.do(request(n), want) }, nil
		})
	}
}

// loopLoad has the process of the limits run one of its own loops.
func loopLoad(url, name string, ms int64) func(context.Context) (sample, error) {
	return func(ctx context.Context) (s sample, err error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, fmt.Sprintf("%s/loop/%s?ms=%d", url, name, ms), http.NoBody)
		if err != nil {
			return s, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return s, err
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			return s, err
		}
		if err := json.Unmarshal(text, &s); err != nil {
			return s, fmt.Errorf("%s: %s", name, text)
		}
		return s, nil
	}
}
