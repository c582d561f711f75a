package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"docket/db/migrations"
	"docket/internal/account"
	"docket/internal/consistency"
	"docket/internal/postgres"
	"docket/internal/report"
)

// clusterCommand measures docket on a Citus cluster, which it does not start, and checks there what docket promises.
type clusterCommand struct {
	Citus    string        `required:"" placeholder:"URL" help:"A database of the coordinator, after docket migrate up --citus. Its tickets stay."`
	Clients  int           `default:"32" help:"Clients at a time (${default})."`
	Duration time.Duration `default:"15s" help:"How long each part lasts (${default})."`
	Dir      string        `default:".bench" type:"path" help:"Where the binary is built (${default})."`
}

// clusterRun is two instances on the cluster, and what was found.
type clusterRun struct {
	clusterCommand
	pool      *postgres.Pool
	instances []string // addresses
	key       string
	submitted []string // the ids of tickets that wait
	users     []string // theirs
	rows      []string // of the table
	findings  []string
	refused   atomic.Int64
}

func (c clusterCommand) Run(ctx context.Context) (err error) {
	d, err := migrations.Distributed(ctx, c.Citus)
	if err == nil && d.Shards == 0 {
		err = errors.New("the tables are not distributed: docket migrate up --citus")
	}
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(c.Dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	s := &site{dir: dir}
	form := filepath.Join(dir, "load.yaml")
	if err == nil {
		err = errors.Join(os.WriteFile(form, []byte(loadForm), 0o600), s.buildBinary(ctx))
	}
	if err != nil {
		return err
	}
	r := &clusterRun{clusterCommand: c}
	if r.pool, err = postgres.Connect(ctx, c.Citus); err != nil {
		return err
	}
	defer r.pool.Close()
	if r.key, err = account.NewKeys(r.pool).Add(ctx, fmt.Sprint("bench-", time.Now().UnixMilli()), account.Scopes); err != nil {
		return err
	}
	for range 2 {
		docket, err := s.startDocket(ctx, c.Citus, "--form", form)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, docket.stop()) }()
		r.instances = append(r.instances, docket.url)
	}
	if err := r.measure(ctx); err != nil {
		return err
	}
	return r.print(ctx, d)
}

// measure runs each part.
func (r *clusterRun) measure(ctx context.Context) error {
	for _, part := range []func(context.Context) error{r.submit, r.decide, r.lookUp, r.checkPromises, r.verify} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// runPart lets the clients do one operation after another, and adds a row. do gets the client's own caller.
func (r *clusterRun) runPart(ctx context.Context, name string, ops int64, do func(c *clusterClient, n int64) error) error {
	done, err := burst{workers: r.Clients, duration: r.Duration, ops: ops}.run(ctx, func(worker int) (func(int64) error, error) {
		c := r.client(worker, nil)
		return func(n int64) error { return do(c, n) }, nil
	})
	if err == nil {
		r.rows = append(r.rows, fmt.Sprintf("| %s | %.0f/s | %.1f ms |", name, done.rate(), float64(done.P50.Microseconds())/1000))
	}
	return err
}

func (r *clusterRun) submit(ctx context.Context) error {
	type sent struct{ user, id string }
	all := make(chan sent, 1<<20)
	series := time.Now().UnixMilli()
	err := r.runPart(ctx, "submit by JSON", 0, func(c *clusterClient, n int64) error {
		user := fmt.Sprintf("load-%d-%d", series, n)
		id, err := c.submitTicket(ctx, user, user)
		all <- sent{user, id.String()}
		return err
	})
	close(all)
	for s := range all {
		r.submitted, r.users = append(r.submitted, s.id), append(r.users, s.user)
	}
	return err
}

func (r *clusterRun) decide(ctx context.Context) error {
	return r.runPart(ctx, "decide by JSON", int64(len(r.submitted)), func(c *clusterClient, n int64) error {
		_, err := c.approveTicket(ctx, r.submitted[n])
		return err
	})
}

func (r *clusterRun) lookUp(ctx context.Context) error {
	for _, fresh := range []bool{true, false} {
		name := "look-up, of any user, ordinary"
		if fresh {
			name = "look-up with no-cache: the shard of the user"
		}
		if err := r.runPart(ctx, name, 0, func(c *clusterClient, n int64) error {
			a, err := c.latestApproval(ctx, r.users[n%int64(len(r.users))], fresh)
			if err == nil && a.Degraded {
				return errors.New("a look-up was degraded")
			}
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// checkPromises has clients write and read a few users on both instances, and checks their history.
func (r *clusterRun) checkPromises(ctx context.Context) error {
	history := consistency.NewHistory(time.Now)
	var twice, again atomic.Int64
	users := make([]string, r.Clients)
	for i := range users {
		users[i] = fmt.Sprintf("history-%d-%d", time.Now().UnixMilli(), i)
	}
	done, err := burst{workers: r.Clients, duration: r.Duration}.run(ctx, func(worker int) (func(int64) error, error) {
		c := r.client(worker, history)
		if worker%4 != 0 {
			return func(n int64) error { c.recordRead(ctx, users[n%int64(len(users))], n%2 == 0); return nil }, nil
		}
		own := users[worker : worker+4] // each user has one writer
		return func(n int64) error {
			t, g, err := c.writeUser(ctx, own[n%4])
			twice.Add(t)
			again.Add(g)
			return err
		}, nil
	})
	if err != nil {
		return err
	}
	approvals, err := consistency.ReadApprovals(ctx, r.pool)
	if err != nil {
		return err
	}
	const maxAge = 12 * time.Second
	operations := history.Finished()
	for name, example := range consistency.Check(operations, approvals, maxAge) {
		r.findings = append(r.findings, name+": "+example)
	}
	failed := len(slices.DeleteFunc(operations, func(o consistency.Operation) bool { return o.Err == nil }))
	r.rows = append(r.rows, fmt.Sprintf("| all of these of %d users, on two instances, and the checker of P0–P4 | %.0f/s | %.1f ms |", len(users), done.rate(), float64(done.P50.Microseconds())/1000))
	if n := twice.Load() + again.Load() + int64(failed); n > 0 {
		r.findings = append(r.findings, fmt.Sprintf("P5, P6: %d decided twice, %d submitted twice; %d operations failed", twice.Load(), again.Load(), failed))
	}
	return nil
}

// verify is docket verify.
func (r *clusterRun) verify(ctx context.Context) error {
	began, tickets := time.Now(), int64(0)
	p := report.Progress{Begin: func(_ string, n int64) { tickets = max(tickets, n) }, Done: func(int64) {}}
	err := report.Verify(ctx, r.pool, func(problem string) error {
		r.findings = append(r.findings, problem)
		return nil
	}, p)
	r.rows = append(r.rows, fmt.Sprintf("| docket verify, %d tickets | %.0f tickets/s | |", tickets, float64(tickets)/time.Since(began).Seconds()))
	return err
}

// print writes the table, and what was found.
func (r *clusterRun) print(ctx context.Context, d migrations.Distribution) error {
	var version, fsync string
	if err := r.pool.QueryRow(ctx, "SELECT citus_version(), current_setting('fsync')").Scan(&version, &fsync); err != nil {
		return err
	}
	version, _, _ = strings.Cut(version, " on ")
	fmt.Printf("%d processors (%s), %s, fsync %s, %d shards on %d workers, two instances, %d clients, %v each part\n\n| work | rate | p50 |\n|---|--:|--:|\n%s\n\n",
		runtime.NumCPU(), processorModel(), version, fsync, d.Shards, d.Workers, r.Clients, r.Duration, strings.Join(r.rows, "\n"))
	fmt.Printf("%d requests were answered 503 and sent again\n", r.refused.Load())
	if len(r.findings) == 0 {
		fmt.Println("no promise was broken")
		return nil
	}
	slog.Error("promises were broken", "count", len(r.findings))
	return errors.New(strings.Join(r.findings, "\n"))
}
