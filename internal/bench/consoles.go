package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"docket/internal/postgres"
	"docket/internal/store"
	"docket/internal/ticket"
)

const (
	openConsoles     = 100
	deskTickets      = 10_001 // not those of the small database, so that both are kept
	changesPerSecond = 5
)

// measureConsoles measures what open consoles cost while tickets come in and are decided: the processor time of docket and PostgreSQL
// with them, less that without them.
func (b *bench) measureConsoles(ctx context.Context) error {
	url, err := b.ensureDatabase(ctx, "desk", deskTickets)
	if err != nil {
		return err
	}
	docket, err := b.startDocket(ctx, url)
	if err != nil {
		return err
	}
	cookies, err := signInAgents(ctx, url, docket.url)
	if err != nil {
		return err
	}
	pool, err := postgres.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	desk := &busyDesk{desk: store.New(pool, slog.New(slog.DiscardHandler)), answers: answerMaker{seed: 5}}
	if desk.waiting, err = waitingTickets(ctx, pool); err != nil {
		return err
	}
	span := max(10*time.Second, time.Duration(b.rounds)*2*b.duration)
	if b.quick {
		span = 4 * time.Second
	}
	spent := func() (time.Duration, error) {
		before := cpuTime(docket.pid(), b.postgres)
		err := desk.change(ctx, span)
		return cpuTime(docket.pid(), b.postgres) - before, err
	}
	alone, err := spent()
	if err != nil {
		return err
	}
	open, err := openAll(ctx, docket.url, cookies)
	if err != nil {
		return err
	}
	time.Sleep(time.Second) // until each has its stream
	withConsoles, err := spent()
	delays := open.close(desk.changed)
	if err := errors.Join(err, docket.stop()); err != nil {
		return err
	}
	name := fmt.Sprintf("%d open consoles, %d changes a second", openConsoles, changesPerSecond)
	b.figures = append(b.figures,
		figure{name + ": of one processor", fmt.Sprintf("%.1f %%", 100*(withConsoles-alone).Seconds()/span.Seconds()), "≤ 5 %"},
		figure{name + ": until a list is asked for again, 95 of 100", fmt.Sprintf("%.1f s", delays[len(delays)*95/100].Seconds()), "≤ 2 s"})
	return nil
}

// busyDesk changes tickets: of two changes one adds a ticket and one decides the oldest.
type busyDesk struct {
	desk    *store.Store
	answers answerMaker
	waiting []uuid.UUID // the oldest first
	changed []time.Time
}

// waitingTickets are those that a key can decide.
func waitingTickets(ctx context.Context, pool *postgres.Pool) ([]uuid.UUID, error) {
	rows, err := pool.Query(ctx, `SELECT id FROM tickets t WHERE status = 'processing' AND created_at_ms > now_ms() - 6 * 86400000
		AND NOT EXISTS (SELECT FROM claims c WHERE c.ticket_id = t.id) AND NOT EXISTS (SELECT FROM pending_decisions p WHERE p.ticket_id = t.id)
		AND NOT EXISTS (SELECT FROM opinions o WHERE o.ticket_id = t.id)
		ORDER BY created_at_ms, id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
}

// change makes changes at an even pace.
func (d *busyDesk) change(ctx context.Context, span time.Duration) error {
	tick := time.NewTicker(time.Second / changesPerSecond)
	defer tick.Stop()
	for n := range int(span.Seconds() * changesPerSecond) {
		<-tick.C
		if n%2 == 0 {
			key := uuid.NewString()
			body := d.answers.answersOf(n + 1)
			if _, err := d.desk.Submit(ctx, ticket.Submission{UserID: key, Extra: body, FormVersion: "v", By: "key:bench", Key: key, OneOpen: true}); err != nil {
				return err
			}
		} else {
			if _, err := d.desk.Decide(ctx, d.waiting[0], 1, ticket.Approve("key:bench", "")); err != nil {
				return err
			}
			d.waiting = d.waiting[1:]
		}
		d.changed = append(d.changed, time.Now())
	}
	return nil
}

// signInAgents adds an account for each console, all with the same password, and returns their cookies.
func signInAgents(ctx context.Context, database, docket string) ([]string, error) {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	_, err = conn.Exec(ctx, `INSERT INTO accounts (id, email, role, password_hash)
		SELECT gen_random_uuid(), 'console' || n || '@example.com', 'agent', a.password_hash
		FROM generate_series(1, $1) AS n, accounts a WHERE a.email = $2
		ON CONFLICT DO NOTHING`, openConsoles, agentEmail)
	if err != nil {
		return nil, err
	}
	cookies := make([]string, openConsoles)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(2)
	for n := range cookies {
		g.Go(func() (err error) {
			cookies[n], err = signIn(ctx, docket, fmt.Sprintf("console%d@example.com", n+1))
			return err
		})
	}
	return cookies, g.Wait()
}

// consoles are open lists of the desk.
type consoles struct {
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu    sync.Mutex // guards asked
	asked [][]time.Time
}

func openAll(ctx context.Context, docket string, cookies []string) (*consoles, error) {
	ctx, cancel := context.WithCancel(ctx)
	c := &consoles{cancel: cancel, asked: make([][]time.Time, len(cookies))}
	for n, cookie := range cookies {
		stream, err := openPage(ctx, docket+"/review/events", cookie, nil)
		if err != nil {
			cancel()
			return nil, err
		}
		c.done.Go(func() {
			defer stream.Body.Close()
			c.follow(ctx, n, docket, cookie, stream.Body)
		})
	}
	return c, nil
}

// follow loads the list whenever the stream says so, as the page does.
func (c *consoles) follow(ctx context.Context, n int, docket, cookie string, stream io.Reader) {
	background := http.Header{"Hx-Request": {"true"}, "Docket-Background": {"1"}, "Cache-Control": {"no-cache"}}
	for lines := bufio.NewScanner(stream); lines.Scan(); {
		if lines.Text() != "event: queue" {
			continue
		}
		c.mu.Lock()
		c.asked[n] = append(c.asked[n], time.Now())
		c.mu.Unlock()
		resp, err := openPage(ctx, docket+"/review", cookie, background)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body) // of an answer that breaks off nothing is asked
		resp.Body.Close()
	}
}

// close closes the consoles and returns after what time each asked for its list after each change, in ascending order. The last
// changes have not been answered yet.
func (c *consoles) close(changed []time.Time) (delays []time.Duration) {
	c.cancel()
	c.done.Wait()
	for _, asked := range c.asked {
		for _, at := range changed {
			if next, found := slices.BinarySearchFunc(asked, at, time.Time.Compare); found || next < len(asked) && next > 0 {
				delays = append(delays, asked[next].Sub(at))
			}
		}
	}
	slices.Sort(delays)
	return delays
}
