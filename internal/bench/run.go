package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

type run struct {
	Quick   bool     `help:"Shorter rounds and fewer of them, on fewer tickets: under a minute."`
	Tickets int      `default:"1000000" help:"Tickets of the large database (${default})."`
	Only    []string `placeholder:"WORK" enum:"lookups,writes,queues,desk,consoles,feed,webhooks,photos,sizes,capacity" help:"Measure only these of lookups, writes, queues, desk, consoles, feed, webhooks, photos, sizes and capacity; the table is written nowhere."`
	Dir     string   `default:".bench" type:"path" help:"Where PostgreSQL and the filled databases live; they are used again for six hours (${default})."`
	Out     string   `default:"docs/bench.md" type:"path" help:"The table is written here, too; empty: nowhere."`
}

// bench is one run: the site, its databases and how long a round lasts.
type bench struct {
	*site
	small, large, work string // databases: ten thousand tickets, many, and one to write into
	rounds             int
	duration           time.Duration
	quick              bool
	decisions          int64
	users              []string // of the large database, all with an approval
	results            []result
	figures, capacity  []figure
	desk               []deskResult
}

func (c run) Run(ctx context.Context) (err error) {
	b := &bench{rounds: 5, duration: 1500 * time.Millisecond, decisions: 4000}
	if c.Quick {
		b.quick = true
		b.rounds, b.duration, b.decisions, c.Tickets = 3, 300*time.Millisecond, 500, min(c.Tickets, 100_000) // enough users for cache misses
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if b.site, err = openSite(ctx, c.Dir); b.site != nil {
		defer func() {
			cancel() // first: it ends the servers that an error left running
			err = errors.Join(err, b.cluster.Stop())
		}()
	}
	if err != nil {
		return err
	}
	if err := b.prepareDatabases(ctx, c.Tickets); err != nil {
		return err
	}
	if err := b.measureParts(ctx, c.Only); err != nil {
		return err
	}
	version, err := b.postgresVersion(ctx)
	if err != nil {
		return err
	}
	table := b.formatTable(version, c.Tickets)
	fmt.Print("\n" + table)
	if c.Out == "" || len(c.Only) > 0 {
		return nil
	}
	return os.WriteFile(c.Out, []byte(table), 0o644)
}

// measureParts measures everything, or only the named parts.
func (b *bench) measureParts(ctx context.Context, only []string) error {
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{{"lookups", b.measureLookups}, {"writes", b.measureWrites}, {"queues", b.measureQueues}, {"desk", b.measureReads}, {"consoles", b.measureConsoles}, {"feed", b.measureFeed}, {"webhooks", b.measureWebhooks}, {"photos", b.measurePhotos}, {"sizes", b.measureSizes}, {"capacity", b.measureCapacity}} {
		if len(only) > 0 && !slices.Contains(only, part.name) {
			continue
		}
		if err := part.measure(ctx); err != nil {
			return err
		}
	}
	return nil
}

// measureReads measures what agents read.
func (b *bench) measureReads(ctx context.Context) (err error) {
	b.desk, err = measureDesk(ctx, b.small, b.large)
	return err
}

// prepareDatabases creates the databases.
func (b *bench) prepareDatabases(ctx context.Context, tickets int) (err error) {
	if b.small, err = b.ensureDatabase(ctx, "tickets_10000", 10_000); err != nil {
		return err
	}
	if b.large, err = b.ensureDatabase(ctx, fmt.Sprintf("tickets_%d", tickets), tickets); err != nil {
		return err
	}
	if b.work, err = b.ensureDatabase(ctx, "work", 0); err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, b.work)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, rawTables); err != nil {
		return err
	}
	b.users, err = approvedUsers(ctx, b.large)
	return err
}

// approvedUsers are those who have an approval, the most active first.
func approvedUsers(ctx context.Context, url string) ([]string, error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, "SELECT user_id FROM user_tickets ORDER BY user_id")
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
