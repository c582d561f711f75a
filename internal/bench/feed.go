package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"docket/internal/postgres"
)

const feedReaders = 10

// measureFeed measures what ten readers of the feed who wait for each event cost, beside the same events without readers.
func (b *bench) measureFeed(ctx context.Context) error {
	docket, err := b.startDocket(ctx, b.work)
	if err != nil {
		return err
	}
	pool, err := postgres.Connect(ctx, b.work)
	if err != nil {
		return err
	}
	defer pool.Close()
	spent := func(work func() error) (time.Duration, error) {
		before := cpuTime(docket.pid(), b.postgres)
		err := work()
		return cpuTime(docket.pid(), b.postgres) - before, err
	}
	alone, err := spent(func() error { return b.submitMany(ctx, pool, b.decisions) })
	if err != nil {
		return err
	}
	start, err := b.readFeed(ctx, docket.url, "", func(events int) bool { return events == 0 })
	if err != nil {
		return err
	}
	began := time.Now()
	read, err := spent(func() error { return b.submitToReaders(ctx, docket.url, start, pool) })
	if err != nil {
		return err
	}
	b.figures = append(b.figures, figure{
		fmt.Sprintf("events to %d readers who wait, while %.0f tickets are submitted in a second", feedReaders, float64(b.decisions)/time.Since(began).Seconds()),
		readersCost(read-alone, b.decisions), "",
	})
	return docket.stop()
}

// submitToReaders submits tickets while readers follow the feed, and returns when each reader has the events of all.
func (b *bench) submitToReaders(ctx context.Context, docket, start string, pool *postgres.Pool) error {
	g, ctx := errgroup.WithContext(ctx)
	for range feedReaders {
		var got atomic.Int64
		g.Go(func() error {
			_, err := b.readFeed(ctx, docket, start, func(events int) bool { return got.Add(int64(events)) >= b.decisions })
			return err
		})
	}
	g.Go(func() error { return b.submitMany(ctx, pool, b.decisions) })
	return g.Wait()
}

// readFeed reads the feed from a cursor, page by page, until done says so, which is told how many events came. It returns where the next
// read begins.
func (b *bench) readFeed(ctx context.Context, docket, next string, done func(events int) bool) (string, error) {
	for {
		url := docket + "/api/v1/events?limit=1000&wait=1"
		if next != "" {
			url += "&after=" + next
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
		if err != nil {
			return "", err
		}
		req.Header = http.Header{"Authorization": {"Bearer " + b.key}}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return "", err
		}
		var page struct {
			Items []json.RawMessage
			Next  string
		}
		err = errors.Join(json.NewDecoder(resp.Body).Decode(&page), resp.Body.Close())
		if err != nil {
			return "", err
		}
		if resp.StatusCode != http.StatusOK {
			return "", fmt.Errorf("%s: status %d", url, resp.StatusCode)
		}
		if next = page.Next; done(len(page.Items)) {
			return next, nil
		}
	}
}

// readersCost says what readers took beside the same without them; the rounds may differ by more than that.
func readersCost(more time.Duration, events int64) string {
	if more <= 0 {
		return "no more CPU than without readers"
	}
	return fmt.Sprintf("%.0f µs of CPU for each event, all readers together", more.Seconds()*1e6/float64(events))
}
