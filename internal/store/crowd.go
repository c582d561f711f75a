package store

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const (
	roundSize = 64              // questions in one round
	lineMost  = 1024            // who wait for one
	roundTime = 2 * time.Second // how long one may take: nobody waits any longer for it
)

// crowd lets those who come at the same time ask a database together: one who comes alone is answered at once, and those
// who come while so many rounds are under way go with the next. So a crowd costs few rounds, and each begins after all
// whom it is for have come.
type crowd[Q, A any] struct {
	pool   *pgxpool.Pool
	most   int                                                         // rounds at a time
	ask    func(ctx context.Context, on db.DBTX, all []Q) ([]A, error) // an answer to each, in their order
	writes bool
	mu     sync.Mutex // guards what follows
	rounds int        // under way
	line   []*wish[Q, A]
}

// wish is one question. Its answer is there when done is closed.
type wish[Q, A any] struct {
	question Q
	done     chan struct{}
	answer   A
	err      error
	apart    bool // one question has spoilt the round, or a lock did
}

// of is the answer to a question.
func (c *crowd[Q, A]) of(ctx context.Context, question Q) (answer A, err error) {
	w := &wish[Q, A]{question: question, done: make(chan struct{})}
	first, err := c.join(w)
	if err != nil {
		return answer, err
	}
	if first {
		go c.run(context.WithoutCancel(ctx)) // others wait for it, too
	}
	select {
	case <-w.done:
	case <-ctx.Done():
		return answer, ctx.Err()
	}
	if w.apart {
		return c.alone(ctx, question)
	}
	return w.answer, w.err
}

// join puts a wish into the line, and says whether somebody has to run.
func (c *crowd[Q, A]) join(w *wish[Q, A]) (run bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.line) >= lineMost {
		return false, ticket.ErrOverloaded
	}
	c.line = append(c.line, w)
	if run = c.rounds < c.most; run {
		c.rounds++
	}
	return run, nil
}

// run asks until nobody waits.
func (c *crowd[Q, A]) run(ctx context.Context) {
	for c.waited() {
		c.round(ctx)
	}
}

func (c *crowd[Q, A]) waited() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.line) == 0 {
		c.rounds--
		return false
	}
	return true
}

// round takes along whoever waits by the time that there is a connection. When there is none, nobody gets one.
func (c *crowd[Q, A]) round(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, roundTime)
	defer cancel()
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		grant(c.take(lineMost), nil, err)
		return
	}
	defer conn.Release()
	wishes := c.take(roundSize)
	if len(wishes) == 0 { // another round took them along
		return
	}
	questions := make([]Q, len(wishes))
	for i, w := range wishes {
		questions[i] = w.question
	}
	on := db.DBTX(conn)
	if c.writes {
		on = hasty{conn}
	}
	answers, err := c.ask(ctx, on, questions)
	grant(wishes, answers, err)
}

func (c *crowd[Q, A]) take(most int) []*wish[Q, A] {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(most, len(c.line))
	taken := c.line[:n:n]
	c.line = c.line[n:]
	return taken
}

func grant[Q, A any](wishes []*wish[Q, A], answers []A, err error) {
	for i, w := range wishes {
		if w.err = err; err == nil {
			w.answer = answers[i]
		}
		w.apart = postgres.IsStatementError(err)
		close(w.done)
	}
}

// alone asks one question, and nobody has to wait for it.
func (c *crowd[Q, A]) alone(ctx context.Context, question Q) (answer A, err error) {
	conn, err := c.pool.Acquire(ctx)
	if err != nil {
		return answer, err
	}
	defer conn.Release()
	answers, err := c.ask(ctx, conn, []Q{question})
	if err == nil {
		answer = answers[0]
	}
	return answer, err
}
