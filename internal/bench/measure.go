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
	"strings"
	"sync/atomic"

	"github.com/google/uuid"

	"docket/internal/testkit/testsite"
)

// measureLookups measures look-ups of the latest approved ticket: of one cached user, of users by Zipf, and of users not cached.
func (b *bench) measureLookups(ctx context.Context) error {
	docket, err := b.startDocket(ctx, b.large)
	if err != nil {
		return err
	}
	body, err := b.fetchBody(ctx, docket.url+latestPath(b.users[0]))
	if err != nil {
		return err
	}
	floor, err := b.startLimits(ctx, body, b.large, b.work)
	if err != nil {
		return err
	}
	ours, theirs := []int{docket.pid(), b.postgres}, []int{floor.pid(), b.postgres}
	once, bytes := b.lookupRequest(b.users[0]), getRequest("/bytes", "")
	limit := side{name: "a bare handler", pids: theirs, run: httpLoad(floor.url, workers, b.duration, 200, func(int64) []byte { return bytes })}
	hot := side{name: "docket", pids: ours, run: httpLoad(docket.url, workers, b.duration, 200, func(int64) []byte { return once })}
	zipf := side{name: "docket", pids: ours, run: httpLoad(docket.url, workers, b.duration, 200, b.zipfRequests())}
	single := side{name: "a call for each", pids: ours, run: zipf.run}
	batch := side{name: "docket", pids: ours, run: countUsers(httpLoad(docket.url, workers, b.duration, 200, b.batchRequests()))}
	var missed atomic.Int64
	next := func() string { return b.users[missed.Add(1)%int64(len(b.users))] }
	miss := side{name: "docket", pids: ours, run: httpLoad(docket.url, workers, b.duration, 200, func(int64) []byte { return b.lookupRequest(next()) })}
	row := side{name: "QueryRow in a bare handler", pids: theirs, run: httpLoad(floor.url, workers, b.duration, 200, func(int64) []byte { return getRequest("/row/"+next(), "") })}
	if _, err := zipf.measure(ctx); err != nil { // the cache is warm when it is measured
		return err
	}
	return errors.Join(
		b.addResult(compareSides(ctx, "latest approved, cached", "CPU ≤ 1.35×, rate ≥ 0.8×", b.rounds, hot, limit)),
		b.addResult(compareSides(ctx, "latest approved, users by Zipf (1.1)", "CPU ≤ 1.8×", b.rounds, zipf, limit)),
		b.addResult(compareSides(ctx, "latest approved, users by Zipf in batches of 1,000", "CPU ≤ 0.1×, rate ≥ 10×", b.rounds, batch, single)),
		b.addResult(compareSides(ctx, "latest approved, every request a miss", "CPU ≤ 1.15×", b.rounds, miss, row)),
		docket.stop(), floor.stop())
}

func (b *bench) addResult(r result, err error) error {
	b.results = append(b.results, r)
	return err
}

func latestPath(user string) string { return "/api/v1/users/" + user + "/latest-ticket" }

func (b *bench) authorization() string { return "Authorization: Bearer " + b.key }

func (b *bench) lookupRequest(user string) []byte {
	return getRequest(latestPath(user), b.authorization())
}

// zipfRequests asks for users by Zipf, in an order computed beforehand. The exponent is 1.1: about one is realistic, and
// rand.Zipf needs more than one.
func (b *bench) zipfRequests() func(n int64) []byte {
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.1, 1, uint64(len(b.users)-1))
	order := make([]int32, 1<<20)
	for i := range order {
		order[i] = int32(zipf.Uint64())
	}
	return func(n int64) []byte { return b.lookupRequest(b.users[order[n%int64(len(order))]]) }
}

const batchUsers = 1000 // in one call

// batchRequests asks for many users at once, by Zipf as zipfRequests does.
func (b *bench) batchRequests() func(n int64) []byte {
	zipf := rand.NewZipf(rand.New(rand.NewPCG(1, 2)), 1.1, 1, uint64(len(b.users)-1))
	requests := make([][]byte, 64)
	for i := range requests {
		users := make([]string, batchUsers)
		for k := range users {
			users[k] = strconv.Quote(b.users[zipf.Uint64()])
		}
		requests[i] = postRequest("/api/v1/latest-tickets", b.authorization(), []byte(`{"user_ids":[`+strings.Join(users, ",")+`]}`))
	}
	return func(n int64) []byte { return requests[n%int64(len(requests))] }
}

// countUsers counts the users of batches, instead of calls.
func countUsers(run func(context.Context) (sample, error)) func(context.Context) (sample, error) {
	return func(ctx context.Context) (sample, error) {
		done, err := run(ctx)
		done.Ops *= batchUsers
		return done, err
	}
}

// fetchBody returns the body of an answer.
func (b *bench) fetchBody(ctx context.Context, url string) (string, error) {
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

// measureWrites measures submissions and decisions; each is on disk when it is answered.
func (b *bench) measureWrites(ctx context.Context) error {
	form := filepath.Join(b.dir, "form.yaml") // without required photos
	if err := os.WriteFile(form, testsite.FormFile(), 0o600); err != nil {
		return err
	}
	docket, err := b.startDocket(ctx, b.work, "--form", form)
	if err != nil {
		return err
	}
	floor, err := b.startLimits(ctx, "", b.large, b.work)
	if err != nil {
		return err
	}
	ours, theirs := []int{docket.pid(), b.postgres}, []int{floor.pid(), b.postgres}
	ms := b.duration.Milliseconds()
	insert := side{name: "an INSERT for each commit", pids: theirs, run: loopLoad(floor.url, "insert", ms)}
	asked := side{name: "docket", pids: ours, run: httpLoad(docket.url, workers, b.duration, 201, b.submitRequests())}
	stored := side{name: "docket", pids: theirs, run: loopLoad(floor.url, "submit", ms)}
	byHand := side{name: "begin, update, upsert, commit", pids: theirs, run: loopLoad(floor.url, "decide-by-hand", b.decisions), first: loopLoad(floor.url, "wait-by-hand", b.decisions)}
	desk := side{name: "docket", pids: theirs, run: loopLoad(floor.url, "decide", b.decisions), first: loopLoad(floor.url, "wait", b.decisions)}
	return errors.Join(
		b.addResult(compareSides(ctx, "submit by JSON", "rate ≥ 0.55×, CPU ≤ 1.8×", b.rounds, asked, insert)),
		b.addResult(compareSides(ctx, "submit, the store alone", "", b.rounds, stored, insert)),
		b.addResult(compareSides(ctx, "decide, 32 agents, the store alone", "rate ≥ 1.0×, CPU ≤ 0.9×", b.rounds, desk, byHand)),
		docket.stop(), floor.stop())
}

// submitRequests submits for another user with another key each time.
func (b *bench) submitRequests() func(n int64) []byte {
	extra := string((&answerMaker{seed: 4}).answersOf(1))
	return func(int64) []byte {
		key := uuid.NewString()
		return postRequest("/api/v1/tickets", b.authorization()+"\r\nIdempotency-Key: "+key, []byte(`{"user_id":"`+key+`","extra":`+extra+`}`))
	}
}

// measureQueues measures pages of the queue with few and with many tickets.
func (b *bench) measureQueues(ctx context.Context) error {
	few, err := b.startDocket(ctx, b.small)
	if err != nil {
		return err
	}
	many, err := b.startDocket(ctx, b.large)
	if err != nil {
		return err
	}
	floor, err := b.startLimits(ctx, "", b.large, b.work)
	if err != nil {
		return err
	}
	first, err := b.queuePage(ctx, few, "few", "queue page 1 of 10 thousand tickets", 1)
	if err != nil {
		return err
	}
	front, err := b.queuePage(ctx, many, "many", "", 1)
	if err != nil {
		return err
	}
	deep, err := b.queuePage(ctx, many, "many", "", 200)
	if err != nil {
		return err
	}
	own, err := b.queuePage(ctx, many, "many", "", 1, "Cache-Control: no-cache")
	if err != nil {
		return err
	}
	query := side{name: "the query in a bare handler", pids: []int{floor.pid(), b.postgres}, run: httpLoad(floor.url, 2, b.duration, 200, func(int64) []byte {
		return getRequest("/page?after_ms="+strconv.FormatInt(sevenDaysAgo(), 10), "")
	})}
	return errors.Join(
		b.addResult(compareSides(ctx, "queue page 1, many tickets", "p50 and CPU ≤ 1.3×", b.rounds, front, first)),
		b.addResult(compareSides(ctx, "queue page 200, many tickets", "p50 and CPU ≤ 1.3×", b.rounds, deep, first)),
		b.addResult(compareSides(ctx, "queue page 1, many tickets", "CPU ≤ 2.2×", b.rounds, front, query)),
		b.addResult(compareSides(ctx, "queue page 1, made for one agent alone", "CPU ≤ 2.2×", b.rounds, own, query)),
		few.stop(), many.stop(), floor.stop())
}
