package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"docket/db/migrations"
	"docket/internal/demo"
	"docket/internal/pgdev"
)

const startTime = 2 * time.Minute

type devCommand struct {
	httpOptions
	formOptions
	logOptions
	undoOptions
	signInOptions
	webhookNetworks
	Dir    string `env:"DOCKET_DIR" default:".docket" type:"path" help:"The folder of the data; a second start goes on with them."`
	Factor string `name:"staff-second-factor" env:"STAFF_SECOND_FACTOR" enum:"required,optional" default:"optional" help:"Whether agents and admins must have a second factor: required or optional (the default)."`
	Demo   bool   `help:"Add demo tickets in every status, of the built-in form. Users who have tickets get none."`
}

// Help implements kong.HelpProvider.
func (devCommand) Help() string {
	return "The first start creates everything in the folder, the next ones go on with the data there. Ctrl-C stops all of it. " +
		"The file env in the folder has the addresses, the accounts and an API key, as lines NAME=value."
}

// Validate refuses settings that cannot work. Kong calls it.
func (d devCommand) Validate() error {
	return errors.Join(d.httpOptions.Validate(), d.undoOptions.Validate(), d.webhookNetworks.Validate(), d.signInOptions.Validate())
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
		fmt.Fprintln(os.Stderr, "Creating a private PostgreSQL primary and replica in", d.Dir, "…")
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	cluster, err := pgdev.Start(ctx, pgdev.Options{Dir: d.Dir})
	if errors.Is(err, pgdev.ErrInUse) {
		return nil, fmt.Errorf("another docket dev runs in %s: stop it, or choose another folder with --dir", d.Dir)
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
		httpOptions: d.httpOptions, formOptions: d.formOptions, fileOptions: fileOptions{FilesURL: env["FILES_URL"]}, mailFolder: filepath.Join(d.Dir, "mail"), watchForm: true,
		Factor: d.Factor, undoOptions: d.undoOptions, webhookNetworks: d.webhookNetworks, signInOptions: d.signInOptions,
	}
	log, flush := d.newLogger()
	defer flush()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return cluster.Watch(ctx) })
	g.Go(func() error {
		return server.serveOn(ctx, listener, log, devStopTimes, func(ctx context.Context) {
			base := "http://" + listener.Addr().String()
			if d.Demo {
				d.addDemo(ctx, env, base, log)
			}
			flush()
			d.printWelcome(env)
			fmt.Println("ready " + base)
		})
	})
	return g.Wait()
}

// addDemo adds the demo tickets. If that fails, docket still runs.
func (d devCommand) addDemo(ctx context.Context, env devEnv, base string, log *slog.Logger) {
	if d.Form != "" {
		fmt.Fprintln(os.Stderr, "There are no demo tickets for your own form, only for the built-in one.")
		return
	}
	if d.Factor == factorRequired {
		fmt.Fprintln(os.Stderr, "There are no demo tickets where agents must have a second factor: none of them has one.")
		return
	}
	if err := env.seedDemo(ctx, base, log); err != nil && ctx.Err() == nil {
		log.Error("the demo tickets are not complete", "error", err)
	}
}

// listen listens on the address that is given; without one, on the first free port from 8080 on.
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

// printWelcome prints the address, the accounts and how to call the JSON interface.
func (d devCommand) printWelcome(env devEnv) {
	f, err := d.load()
	if err != nil {
		return // serveOn has reported it
	}
	user := "USER"
	if d.Demo && d.Form == "" {
		user = demo.ApprovedUser
	}
	fmt.Fprintf(os.Stderr, `
  docket · %s

  Open       %s
  Customers  %s, %s   send tickets
  Agents     %s, %s   decide
  Admin      %s
  Decisions  %s
  Password   %s   for all of them
  E-mails    %s/dev/mail

  JSON       set -a; . '%s/env'
             curl -H "Authorization: Bearer $API_KEY" $BASE_URL/api/v1/users/%s/latest-ticket
  SQL        psql "$DATABASE_URL"
  Stop       Ctrl-C. The data stay under %s

`, f.Title, env["BASE_URL"], env["DEMO_CUSTOMER"], env["DEMO_CUSTOMER_2"], env["DEMO_AGENT"], env["DEMO_AGENT_2"], env["DEMO_ADMIN"], d.undoText(f.Undo),
		env["DEMO_PASSWORD"], env["BASE_URL"], d.Dir, user, d.Dir)
}
