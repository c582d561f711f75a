package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"github.com/google/uuid"

	"docket/internal/testkit/testsite"
)

// lookups measures the latest approved ticket of a user: remembered, by Zipf, and never asked for before.
func (b *bench) lookups(ctx context.Context) error {
	docket, err := b.serve(ctx, b.large)
	if err != nil {
		return err
	}
	body, err := b.fetch(ctx, docket.url+latestPath(b.users[0]))
	if err != nil {
		return err
	}
	bare, err := b.bare(ctx, body, b.large, b.work)
	if err != nil {
		return err
	}
	ours, theirs := []int{docket.pid(), b.postgres}, []int{bare.pid(), b.postgres}
	once, bytes := b.ask(b.users[0]), get("/bytes", "")
	limit := side{name: "a bare handler", pids: theirs, run: hits(bare.url, workers, b.lasts, 200, func(int64) []byte { return bytes })}
	hot := side{name: "docket", pids: ours, run: hits(docket.url, workers, b.lasts, 200, func(int64) []byte { return once })}
	zipf := side{name: "docket", pids: ours, run: hits(docket.url, workers, b.lasts, 200, b.crowd())}
	var missed atomic.Int64
	next := func() string { return b.users[missed.Add(1)%int64(len(b.users))] }
	miss := side{name: "docket", pids: ours, run: hits(docket.url, workers, b.lasts, 200, func(int64) []byte { return b.ask(next()) })}
	row := side{name: "QueryRow in a bare handler", pids: theirs, run: hits(bare.url, workers, b.lasts, 200, func(int64) []byte { return get("/row/"+next(), "") })}
	if _, err := zipf.measured(ctx); err != nil { // it is measured once it knows its users
		return err
	}
	return errors.Join(
		b.add(compare(ctx, "latest approved, remembered", "CPU ≤ 1.35×, rate ≥ 0.8×", b.rounds, hot, limit)),
		b.add(compare(ctx, "latest approved, users by Zipf (1.1)", "CPU ≤ 1.5×", b.rounds, zipf, limit)),
		b.add(compare(ctx, "latest approved, every request a miss", "CPU ≤ 1.15×", b.rounds, miss, row)),
		docket.stop(), bare.stop())
}

func (b *bench) add(r result, err error) error {
	b.results = append(b.results, r)
	return err
}

func latestPath(user string) string { return "/api/v1/users/" + user + "/latest-ticket" }

func (b *bench) bearer() string { return "Authorization: Bearer " + b.key }

func (b *bench) ask(user string) []byte { return get(latestPath(user), b.bearer()) }

// crowd asks for users by Zipf, in an order made before, so that making it costs nothing now. The exponent is 1.1: that of a
// look-up is thought to be about one, and rand.Zipf wants more.
func (b *bench) crowd() func(n int64) []byte {
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.1, 1, uint64(len(b.users)-1))
	order := make([]int32, 1<<20)
	for i := range order {
		order[i] = int32(zipf.Uint64())
	}
	return func(n int64) []byte { return b.ask(b.users[order[n%int64(len(order))]]) }
}

// fetch is the body of an answer.
func (b *bench) fetch(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", err
	}
	req.Header.Set("Authorization", "Bearer "+b.key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: status %d: %s", url, resp.StatusCode, text)
	}
	return string(text), err
}

// writes measures what is on the disk when it is answered.
func (b *bench) writes(ctx context.Context) error {
	form := filepath.Join(b.dir, "form.yaml") // without photos: they are none of a program's
	if err := os.WriteFile(form, testsite.FormFile(), 0o600); err != nil {
		return err
	}
	docket, err := b.serve(ctx, b.work, "--form", form)
	if err != nil {
		return err
	}
	bare, err := b.bare(ctx, "", b.large, b.work)
	if err != nil {
		return err
	}
	ours, theirs := []int{docket.pid(), b.postgres}, []int{bare.pid(), b.postgres}
	ms := b.lasts.Milliseconds()
	insert := side{name: "an INSERT for each commit", pids: theirs, run: looped(bare.url, "insert", ms)}
	asked := side{name: "docket", pids: ours, run: hits(docket.url, workers, b.lasts, 201, b.submission())}
	stored := side{name: "docket", pids: theirs, run: looped(bare.url, "submit", ms)}
	byHand := side{name: "begin, update, upsert, commit", pids: theirs, run: looped(bare.url, "decide-by-hand", b.decisions), first: looped(bare.url, "wait-by-hand", b.decisions)}
	desk := side{name: "docket", pids: theirs, run: looped(bare.url, "decide", b.decisions), first: looped(bare.url, "wait", b.decisions)}
	return errors.Join(
		b.add(compare(ctx, "submit by JSON", "rate ≥ 0.6×, CPU ≤ 2.0×", b.rounds, asked, insert)),
		b.add(compare(ctx, "submit, the store alone", "", b.rounds, stored, insert)),
		b.add(compare(ctx, "decide, 32 agents, the store alone", "rate ≥ 1.0×, CPU ≤ 1.0×", b.rounds, desk, byHand)),
		docket.stop(), bare.stop())
}

// submission is always another user's, under another key.
func (b *bench) submission() func(n int64) []byte {
	extra := string((&answers{seed: 4}).of(1))
	return func(int64) []byte {
		key := uuid.NewString()
		return post("/api/v1/tickets", b.bearer()+"\r\nIdempotency-Key: "+key, []byte(`{"user_id":"`+key+`","extra":`+extra+`}`))
	}
}

// queues measures pages of the queue, where there are few tickets and where there are many.
func (b *bench) queues(ctx context.Context) error {
	few, err := b.serve(ctx, b.small)
	if err != nil {
		return err
	}
	many, err := b.serve(ctx, b.large)
	if err != nil {
		return err
	}
	bare, err := b.bare(ctx, "", b.large, b.work)
	if err != nil {
		return err
	}
	first, err := b.page(ctx, few, "few", "queue page 1 of 10 thousand tickets", 1)
	if err != nil {
		return err
	}
	front, err := b.page(ctx, many, "many", "", 1)
	if err != nil {
		return err
	}
	deep, err := b.page(ctx, many, "many", "", 200)
	if err != nil {
		return err
	}
	query := side{name: "the query in a bare handler", pids: []int{bare.pid(), b.postgres}, run: hits(bare.url, 2, b.lasts, 200, func(int64) []byte {
		return get("/page?after_ms="+strconv.FormatInt(sevenDaysAgo(), 10), "")
	})}
	return errors.Join(
		b.add(compare(ctx, "queue page 1, many tickets", "p50 and CPU ≤ 1.3×", b.rounds, front, first)),
		b.add(compare(ctx, "queue page 200, many tickets", "p50 and CPU ≤ 1.3×", b.rounds, deep, first)),
		b.add(compare(ctx, "queue page 1, many tickets", "CPU ≤ 2.2×", b.rounds, front, query)),
		few.stop(), many.stop(), bare.stop())
}
