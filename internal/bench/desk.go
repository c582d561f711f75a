package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"docket/internal/claim"
	"docket/internal/form/formfile"
	"docket/internal/postgres"
	"docket/internal/rollup"
	"docket/internal/search"
	"docket/internal/sla"
	"docket/internal/store"
	"docket/internal/ticket"
	"docket/internal/workload"
)

const (
	deskRuns     = 21  // of one read, in each database
	dayDecisions = 400 // of an agent in a day
)

// deskCommand is the measurement on databases that fill has filled.
type deskCommand struct {
	DatabaseURL string `env:"DATABASE_URL" required:"" placeholder:"URL" help:"The large database."`
	Small       string `required:"" placeholder:"URL" help:"The small database."`
}

func (c deskCommand) Run(ctx context.Context) error {
	results, err := measureDesk(ctx, c.Small, c.DatabaseURL)
	if err == nil {
		fmt.Print(formatDesk(results))
	}
	return err
}

// desk is what agents read of one database.
type desk struct {
	pool    *postgres.Pool
	store   *store.Store
	reader  *store.Reader
	claims  *claim.Claims
	rollups *rollup.Rollups
	now     time.Time
	agent   uuid.UUID
	since   time.Time // of the agent's last dayDecisions decisions
	newest  ticket.Ticket
}

// deskRead is one list, search, count or chart.
type deskRead struct {
	name string
	run  func(context.Context, *desk) error
}

func openDesk(ctx context.Context, pool *postgres.Pool) (*desk, error) {
	d := &desk{
		pool: pool, store: store.New(pool, slog.New(slog.DiscardHandler)), reader: store.NewReader(pool).WithFingerprint(func() []byte { return search.NewIdentifier(make([]byte, 32)).Fingerprint(formfile.Default()) }),
		claims:  claim.New(pool),
		rollups: rollup.New(pool, func() []*postgres.Pool { return []*postgres.Pool{pool} }), agent: uuid.MustParse(agentID(1)),
	}
	var newestMS, sinceMS int64
	if err := pool.QueryRow(ctx, "SELECT max(created_at_ms) FROM tickets").Scan(&newestMS); err != nil {
		return nil, err
	}
	if err := pool.QueryRow(ctx, `SELECT min(d.updated_at_ms) FROM (SELECT updated_at_ms FROM tickets WHERE decided_by = $1 ORDER BY updated_at_ms DESC LIMIT $2) AS d`,
		ticket.Agent(d.agent.String()), dayDecisions).Scan(&sinceMS); err != nil {
		return nil, err
	}
	d.now, d.since = time.UnixMilli(newestMS+1), time.UnixMilli(sinceMS)
	list, err := d.reader.Queue(ctx, d.query(ticket.Approved, ticket.Where{}))
	if err != nil || len(list.Tickets) == 0 {
		return nil, errors.Join(errors.New("the database has no approval of the last week: fill it again"), err)
	}
	d.newest = list.Tickets[0]
	return d, nil
}

// query is a list as the console asks for it: fifty tickets, open ones of the last week, closed ones of a month.
func (d *desk) query(status ticket.Status, where ticket.Where) ticket.Query {
	q := ticket.Query{Status: status, From: d.now.AddDate(0, 0, -7), To: d.now, Where: where, Page: ticket.Page{Limit: 50}}
	if !status.Open() {
		q.Newest, q.From = true, d.now.AddDate(0, 0, -31)
	} else {
		q.Place.Tab = ticket.Waiting
	}
	return q
}

func (d *desk) list(ctx context.Context, q ticket.Query) error {
	_, err := d.reader.Queue(ctx, q)
	return err
}

func readList(status ticket.Status, where ticket.Where) func(context.Context, *desk) error {
	return func(ctx context.Context, d *desk) error { return d.list(ctx, d.query(status, where)) }
}

func readTab(tab ticket.Tab) func(context.Context, *desk) error {
	return func(ctx context.Context, d *desk) error {
		return d.list(ctx, ticket.Query{Status: ticket.Processing, Place: ticket.Place{Tab: tab, Agent: d.agent, Teams: []string{"vip"}, Queues: []string{}}, Page: ticket.Page{Limit: 50}})
	}
}

func searchFor(typed string) func(context.Context, *desk) error {
	return func(ctx context.Context, d *desk) error {
		asked := search.Parse(typed)
		asked.From, asked.To, asked.Limit = d.now.AddDate(0, 0, -31), d.now, 50
		_, err := d.reader.Search(ctx, asked)
		return err
	}
}

// deskReads are all lists, searches, counts and charts of the desk.
var deskReads = []deskRead{
	{"the queue, oldest first", readList(ticket.Processing, ticket.Where{})},
	{"the queue, newest first", func(ctx context.Context, d *desk) error {
		q := d.query(ticket.Processing, ticket.Where{})
		q.Newest = true
		return d.list(ctx, q)
	}},
	{"mine", readTab(ticket.Mine)},
	{"my teams'", readTab(ticket.Team)},
	{"snoozed", readTab(ticket.Snoozed)},
	{"approved", readList(ticket.Approved, ticket.Where{})},
	{"rejected", readList(ticket.Rejected, ticket.Where{})},
	{"approved by one agent", readList(ticket.Approved, ticket.Where{DecidedBy: ticket.Agent(agentID(1))})},
	{"rejected for one reason", readList(ticket.Rejected, ticket.Where{Reason: "name_mismatch"})},
	{"rejected for a reason that nobody gave", readList(ticket.Rejected, ticket.Where{Reason: "none"})},
	{"approved with an answer that one in a few has", readList(ticket.Approved, ticket.Where{Answers: `{"document_type":"driving_licence"}`})},
	{"approved with an answer that 300 have", readList(ticket.Approved, ticket.Where{Answers: `{"sex":"x"}`})},
	{"approved with an answer that one in 10,000 has", readList(ticket.Approved, ticket.Where{Answers: `{"sex":"unspecified"}`})},
	{"approved with an answer that nobody has", readList(ticket.Approved, ticket.Where{Answers: `{"document_type":"none"}`})},
	{"waiting with an answer that one in a few has", readList(ticket.Processing, ticket.Where{Answers: `{"document_type":"driving_licence"}`})},
	{"waiting with an answer that nobody has", readList(ticket.Processing, ticket.Where{Answers: `{"document_type":"none"}`})},
	{"waiting, a third attempt", readList(ticket.Processing, ticket.Where{Attempt: 3})},
	{"a user's tickets", func(ctx context.Context, d *desk) error {
		_, err := d.reader.TicketsOf(ctx, userID(0), ticket.Page{Limit: 50})
		return err
	}},
	{"search: a name that 300 have", searchFor("quách")},
	{"search: a name that one in 16 has", searchFor("nguyễn")},
	{"search: two words", searchFor("nguyen tuan")},
	{"search: the beginning of 300 numbers", searchFor("qq")},
	{"search: what nobody has", searchFor("xyzzy")},
	{"search: the number of a ticket", func(ctx context.Context, d *desk) error { return searchFor(ticket.Number(d.newest.ID))(ctx, d) }},
	{"count: what waits", func(ctx context.Context, d *desk) error {
		_, err := workload.New(d.pool, sla.SLA{}, false).Counts(ctx)
		return err
	}},
	{"count: what waits outside of the range", func(ctx context.Context, d *desk) error {
		_, err := d.reader.Backlog(ctx, d.now.AddDate(0, 0, -7))
		return err
	}},
	{"count: an agent's day of 400 decisions", func(ctx context.Context, d *desk) error {
		_, err := workload.New(d.pool, sla.SLA{}, false).Own(ctx, d.agent, d.since)
		return err
	}},
	{"pending decisions of an agent", func(ctx context.Context, d *desk) error {
		_, err := d.store.Pending(ctx, d.agent)
		return err
	}},
	{"the next ticket", func(ctx context.Context, d *desk) error {
		id, err := d.claims.Next(ctx, d.agent)
		_, released := d.claims.Release(ctx, d.agent, id)
		return errors.Join(err, released)
	}},
	{"charts of a week", readCharts(7)},
	{"charts of a month", readCharts(31)},
}

func readCharts(dayCount int) func(context.Context, *desk) error {
	return func(ctx context.Context, d *desk) error {
		_, err := d.rollups.Read(ctx, d.now.AddDate(0, 0, -dayCount), d.now, d.now)
		return err
	}
}

// deskResult is the median time of a read in the small and in the large database, and in the large one by pgx alone.
type deskResult struct {
	name               string
	small, large, bare time.Duration
}

// deskPools are the desk of few tickets, that of many, and what is needed to read that of many by pgx alone.
type deskPools struct {
	small, large, recorded *desk
	recorder               *recorder
	bare                   *pgx.Conn
}

// measureDesk compares every read of the desk with itself on few tickets, and with its statements by pgx alone. All take turns.
func measureDesk(ctx context.Context, smallURL, largeURL string) (results []deskResult, err error) {
	smallPool, err := postgres.Connect(ctx, smallURL)
	if err != nil {
		return nil, err
	}
	defer smallPool.Close()
	largePool, err := postgres.Connect(ctx, largeURL)
	if err != nil {
		return nil, err
	}
	defer largePool.Close()
	p := deskPools{recorder: &recorder{}}
	recordedPool, err := postgres.ConnectTraced(ctx, largeURL, p.recorder)
	if err != nil {
		return nil, err
	}
	defer recordedPool.Close()
	if p.bare, err = pgx.Connect(ctx, largeURL); err != nil {
		return nil, err
	}
	defer p.bare.Close(context.WithoutCancel(ctx))
	for _, open := range []struct {
		desk **desk
		pool *postgres.Pool
	}{{&p.small, smallPool}, {&p.large, largePool}, {&p.recorded, recordedPool}} {
		if *open.desk, err = openDesk(ctx, open.pool); err != nil {
			return nil, err
		}
	}
	for _, read := range deskReads {
		r, err := read.measure(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", read.name, err)
		}
		results = append(results, r)
		fmt.Fprintf(os.Stderr, "%-48s %9.2f ms  %9.2f ms  %9.2f ms\n", r.name, inMS(r.small), inMS(r.large), inMS(r.bare))
	}
	return results, nil
}

// measure repeats a read, and one that takes long at least three times.
func (read deskRead) measure(ctx context.Context, p deskPools) (deskResult, error) {
	statements, err := read.recordStatements(ctx, p.recorded, p.recorder)
	if err != nil {
		return deskResult{}, err
	}
	var few, many, bare []float64
	took := func(times *[]float64, run func() error) error {
		began := time.Now()
		err := run()
		*times = append(*times, float64(time.Since(began)))
		return err
	}
	for began := time.Now(); len(many) < deskRuns && (len(many) < 3 || time.Since(began) < 2*time.Second); {
		err := errors.Join(
			took(&few, func() error { return read.run(ctx, p.small) }),
			took(&many, func() error { return read.run(ctx, p.large) }),
			took(&bare, func() error { return runStatements(ctx, p.bare, statements) }))
		if err != nil {
			return deskResult{}, err
		}
	}
	return deskResult{read.name, middle(few), middle(many), middle(bare)}, nil
}

// middle is the median of what follows the first, which finds nothing in memory.
func middle(times []float64) time.Duration {
	return time.Duration(medianOf(slices.Clone(times[min(1, len(times)):])))
}

func inMS(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
