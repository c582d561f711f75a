package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db/migrations"
	"docket/internal/pgdev"
	"docket/internal/testkit/testdb"

	_ "embed"
)

//go:embed soak.form.yaml
var soakForm []byte

// deployment is docket as it is run for real, as processes of one machine: a primary, replicas, and instances on them.
type deployment struct {
	*site
	url       string
	primary   *pgxpool.Pool
	replicas  []*pgxpool.Pool
	instances []*instance
}

// instance is a docket that may be ended, and run again at the same address.
type instance struct {
	URL     string
	several bool          // it is a balancer, so that nothing is promised from one request to the next
	way     *testdb.Relay // what it hears of changes through
	run     func(ctx context.Context, listen string) (*process, error)
	mu      sync.Mutex // guards what follows
	life    int        // how often it was run
	now     *process
}

// deploy starts everything, with data that nobody will miss. What it returns has to be ended also when it returns an error.
func deploy(ctx context.Context, replicas, instances int) (*deployment, error) {
	cluster, dir, err := testdb.Start(ctx, replicas)
	if err != nil {
		return nil, err
	}
	d := &deployment{site: &site{dir: dir, cluster: cluster}, url: cluster.Primary(pgdev.Database)}
	if err := errors.Join(d.build(ctx), migrations.Up(ctx, d.url), os.WriteFile(d.form(), soakForm, 0o600)); err != nil {
		return d, err
	}
	if err := d.furnish(ctx, d.url); err != nil {
		return d, err
	}
	if d.primary, err = pgxpool.New(ctx, d.url); err != nil {
		return d, err
	}
	for _, url := range cluster.Replicas(pgdev.Database) {
		pool, err := pgxpool.New(ctx, url)
		if err != nil {
			return d, err
		}
		d.replicas = append(d.replicas, pool)
	}
	for range instances {
		if err := d.add(ctx); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (d *deployment) form() string { return filepath.Join(d.dir, "soak.yaml") }

// add runs one more instance.
func (d *deployment) add(ctx context.Context) error {
	way, err := testdb.OpenRelay(ctx, d.url)
	if err != nil {
		return err
	}
	i := &instance{way: way}
	i.run = func(ctx context.Context, listen string) (*process, error) {
		return d.serve(ctx, d.url, "--database-direct-url", way.URL, "--replica-url", strings.Join(d.cluster.Replicas(pgdev.Database), ","),
			"--form", d.form(), "--listen", listen)
	}
	if i.now, err = i.run(ctx, "127.0.0.1:0"); err != nil {
		return err
	}
	i.URL = i.now.url
	d.instances = append(d.instances, i)
	return nil
}

// name is one name for each life of an instance: what one life has shown is not held against the next.
func (i *instance) name() string {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.several {
		i.life++
	}
	return i.URL + " life " + strconv.Itoa(i.life)
}

func (i *instance) process() *process {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.now
}

// end ends an instance by a signal, and begins its next life as far as its name goes.
func (i *instance) end(signal syscall.Signal) error {
	i.mu.Lock()
	i.life++
	p := i.now
	i.mu.Unlock()
	if err := p.cmd.Process.Signal(signal); err != nil {
		return err
	}
	_ = p.cmd.Wait() // how it ended is known
	return nil
}

// revive runs an instance again that has ended.
func (i *instance) revive(ctx context.Context) error {
	p, err := i.run(ctx, strings.TrimPrefix(i.URL, "http://"))
	if err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.now = p
	return nil
}

// end stops everything and removes the data.
func (d *deployment) end() (err error) {
	for _, i := range d.instances {
		err = errors.Join(err, i.process().stop())
		i.way.Close()
	}
	for _, pool := range append([]*pgxpool.Pool{d.primary}, d.replicas...) {
		if pool != nil {
			pool.Close()
		}
	}
	return errors.Join(err, d.cluster.Stop(), pgdev.Remove(d.dir))
}
