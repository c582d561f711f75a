package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/ticket"
)

// measureWebhooks measures how fast events that wait are delivered to one receiver that answers at once.
func (b *bench) measureWebhooks(ctx context.Context) error {
	docket, err := b.startDocket(ctx, b.work, "--webhook-networks", "127.0.0.1")
	if err != nil {
		return err
	}
	var received atomic.Int64
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { received.Add(1) }))
	defer receiver.Close()
	pool, err := postgres.Connect(ctx, b.work)
	if err != nil {
		return err
	}
	defer pool.Close()
	id, err := b.addWebhook(ctx, docket.url, receiver.URL)
	if err != nil {
		return err
	}
	if _, err := pool.Exec(ctx, "UPDATE webhooks SET off_at_ms = 1, off_reason = 'gone'"); err != nil {
		return err
	}
	events := b.decisions
	if err := b.submitMany(ctx, pool, events); err != nil {
		return err
	}
	start, before := time.Now(), cpuTime(docket.pid(), b.postgres)
	if err := b.post(ctx, docket.url+"/api/v1/webhooks/"+id+"/switch-on", "", nil); err != nil {
		return err
	}
	for received.Load() < events && ctx.Err() == nil {
		time.Sleep(5 * time.Millisecond)
	}
	took, spent := time.Since(start), cpuTime(docket.pid(), b.postgres)-before
	b.figures = append(b.figures, figure{
		"deliveries to one webhook, each signed, sent and written down",
		fmt.Sprintf("%.0f/s, %.2f ms of CPU each", float64(events)/took.Seconds(), spent.Seconds()*1000/float64(events)), "",
	})
	_, err = pool.Exec(ctx, "UPDATE webhooks SET deleted_at_ms = 1")
	return errors.Join(err, docket.stop())
}

func (b *bench) addWebhook(ctx context.Context, docket, receiver string) (id string, err error) {
	var added struct{ ID string }
	err = b.post(ctx, docket+"/api/v1/webhooks", `{"url":"`+receiver+`","types":["ticket.submitted"]}`, &added)
	return added.ID, err
}

// post sends JSON and reads the answer, if that is asked for.
func (b *bench) post(ctx context.Context, url, body string, answer any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	req.Header = http.Header{"Authorization": {"Bearer " + b.key}, "Content-Type": {"application/json"}}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s: status %d", url, resp.StatusCode)
	}
	if answer == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(answer)
}

// submitMany submits tickets, many at a time.
func (b *bench) submitMany(ctx context.Context, pool *postgres.Pool, tickets int64) error {
	desk, answers := store.New(pool, slog.New(slog.DiscardHandler)), answerMaker{seed: 6}
	body := answers.answersOf(1)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(workers)
	for range tickets {
		g.Go(func() error {
			key := uuid.NewString()
			_, err := desk.Submit(ctx, ticket.Submission{UserID: key, Extra: body, FormVersion: "v", By: "key:bench", Key: key})
			return err
		})
	}
	return g.Wait()
}
