package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"docket/db/migrations"
	"docket/internal/pgdev"
)

const startTime = 2 * time.Minute

type devCommand struct {
	httpOptions
	formOptions
	logOptions
	Dir string `env:"DOCKET_DIR" default:".docket" type:"path" help:"Where the data live; docket dev goes on with what is there (${default})."`
}

func (d devCommand) Run(ctx context.Context) error {
	cluster, err := d.startCluster(ctx)
	if err != nil {
		return err
	}
	err = d.serveOn(ctx, cluster)
	return errors.Join(err, cluster.Stop())
}

func (d devCommand) startCluster(ctx context.Context) (*pgdev.Cluster, error) {
	if _, err := os.Stat(filepath.Join(d.Dir, envFile)); errors.Is(err, os.ErrNotExist) {
		fmt.Fprintln(os.Stderr, "Making a private PostgreSQL primary and replica under", d.Dir, "…")
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	cluster, err := pgdev.Start(ctx, pgdev.Options{Dir: d.Dir})
	if errors.Is(err, pgdev.ErrInUse) {
		return nil, fmt.Errorf("another docket dev runs on %s: stop it, or choose another folder with --dir", d.Dir)
	}
	return cluster, err
}

// serveOn runs the server on a cluster until ctx ends or the cluster does.
func (d devCommand) serveOn(ctx context.Context, cluster *pgdev.Cluster) error {
	url := cluster.Primary(pgdev.Database)
	if err := migrations.Up(ctx, url); err != nil {
		return err
	}
	listener, err := d.listen(ctx)
	if err != nil {
		return err
	}
	env, err := d.prepareEnv(ctx, cluster, d.publicURL(listener.Addr()))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	server := serveCommand{
		databaseOptions: databaseOptions{DatabaseURL: url}, ReplicaURL: env["REPLICA_URL"], SessionKey: env["SESSION_KEY"],
		httpOptions: d.httpOptions, formOptions: d.formOptions, fileOptions: fileOptions{FilesURL: env["FILES_URL"]},
	}
	log, flush := d.newLogger()
	defer flush()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return cluster.Watch(ctx) })
	g.Go(func() error {
		return server.serveOn(ctx, listener, log, devStopTimes, func(base string) {
			d.printWelcome(env)
			fmt.Println("ready http://" + listener.Addr().String())
		})
	})
	return g.Wait()
}

// listen takes an address that is given or nothing; else the next free port.
func (d devCommand) listen(ctx context.Context) (net.Listener, error) {
	if d.Listen != "" {
		listener, err := listenTCP(ctx, d.Listen)
		if err != nil {
			err = fmt.Errorf("%w\nchoose another port with --listen, such as --listen 127.0.0.1:0", err)
		}
		return listener, err
	}
	listener, err := listenNextFree(ctx, defaultListen)
	if err == nil && listener.Addr().String() != defaultListen {
		fmt.Fprintf(os.Stderr, "%s is in use, so docket dev listens on %s.\n", defaultListen, listener.Addr())
	}
	return listener, err
}

// printWelcome tells a newcomer where to go and with which account.
func (d devCommand) printWelcome(env devEnv) {
	f, err := d.load()
	if err != nil {
		return // serveOn has reported it
	}
	fmt.Fprintf(os.Stderr, `
  docket · %s

  Open       %s
  Customer   %s   sends tickets
  Agents     %s, %s   decide
  Admin      %s
  Password   %s   for all of them

  JSON       set -a; . '%s/env'
             curl -H "Authorization: Bearer $API_KEY" $BASE_URL/api/v1/users/USER/latest-ticket
  SQL        psql "$DATABASE_URL"
  Stop       Ctrl-C. The data stay under %s

`, f.Title, env["BASE_URL"], env["DEMO_CUSTOMER"], env["DEMO_AGENT"], env["DEMO_AGENT_2"], env["DEMO_ADMIN"],
		env["DEMO_PASSWORD"], d.Dir, d.Dir)
}
