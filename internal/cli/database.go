package cli

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"docket/db/migrations"
	"docket/internal/postgres"
)

type databaseOptions struct {
	DatabaseURL string `env:"DATABASE_URL" placeholder:"URL" help:"The primary, such as postgres://user@host/docket."`
	DirectURL   string `name:"database-direct-url" env:"DATABASE_DIRECT_URL" placeholder:"URL" help:"The primary itself, when --database-url goes through a pooler such as PgBouncer; used to migrate and to listen for changes. Default: --database-url."`
}

// Validate refuses a command line without a database. Kong calls it.
func (d databaseOptions) Validate() error {
	if d.DatabaseURL == "" {
		return errors.New("no database is given. Set DATABASE_URL or --database-url to the primary, such as postgres://user@host/docket")
	}
	return nil
}

// directURL is the address of the primary for what needs a session to itself.
func (d databaseOptions) directURL() string { return cmp.Or(d.DirectURL, d.DatabaseURL) }

// openPool connects to the database. Its schema must be current.
func (d databaseOptions) openPool(ctx context.Context) (*postgres.Pool, error) {
	if err := migrations.Check(ctx, d.directURL()); err != nil {
		return nil, err
	}
	return postgres.Connect(ctx, d.DatabaseURL)
}

// dirOptions name a database, or the folder of a docket dev that has one.
type dirOptions struct {
	databaseOptions
	Dir string `env:"DOCKET_DIR" default:".docket" type:"path" help:"The folder of docket dev. Without --database-url its database is read; docket dev must be running."`
}

// Validate accepts a command line without a database. Kong calls it.
func (dirOptions) Validate() error { return nil }

// findDatabase returns the database that is named or else those of the folder; replicaURL is empty if it is named.
func (o dirOptions) findDatabase() (primary databaseOptions, replicaURL string, err error) {
	if o.DatabaseURL != "" {
		return o.databaseOptions, "", nil
	}
	env, err := readEnv(filepath.Join(o.Dir, envFile))
	if err != nil {
		return primary, "", err
	}
	primary.DatabaseURL = env["DATABASE_URL"]
	if primary.Validate() != nil {
		return primary, "", fmt.Errorf("no database is given, and docket dev has never run in %s. Set DATABASE_URL or --database-url, or --dir to the folder of docket dev", o.Dir)
	}
	return primary, env["REPLICA_URL"], nil
}

// openPool connects to the database. Its schema must be current.
func (o dirOptions) openPool(ctx context.Context) (*postgres.Pool, error) {
	primary, _, err := o.findDatabase()
	if err != nil {
		return nil, err
	}
	return o.openPoolOf(ctx, primary)
}

func (o dirOptions) openPoolOf(ctx context.Context, found databaseOptions) (*postgres.Pool, error) {
	pool, err := found.openPool(ctx)
	if err != nil && o.DatabaseURL == "" {
		err = fmt.Errorf("%w\nthe database is that of docket dev in %s, which must be running", err, o.Dir)
	}
	return pool, err
}

// readSessionKey returns a session key that is given, or else that of docket dev.
func (o dirOptions) readSessionKey(given string) ([]byte, error) {
	env, err := readEnv(filepath.Join(o.Dir, envFile))
	if err != nil {
		return nil, err
	}
	return parseSessionKey(cmp.Or(given, env["SESSION_KEY"]))
}

type migrateCommands struct {
	Up         migrateUp         `cmd:"" help:"Apply the missing migrations. Several instances may do it at the same time."`
	Status     migrateStatus     `cmd:"" help:"List the migrations."`
	SessionKey migrateSessionKey `cmd:"" help:"Let the database know SESSION_KEY, so that it lets people in only for instances that have it."`
}

type migrateUp struct {
	databaseOptions
	Partitions int    `placeholder:"N" help:"Divide the tables of users' data into N partitions by user, as docs/growth.md says. Instances work on meanwhile. It copies these tables, and needs the room for that; ended and called again, it goes on. Later calls do not need it."`
	Citus      bool   `help:"Distribute the tables of users' data over the workers of a Citus cluster by user, as docs/growth.md says. The database is that of its coordinator. Stop all instances first. Later calls do not need it."`
	SessionKey string `env:"SESSION_KEY" placeholder:"KEY" help:"The SESSION_KEY of the instances: the database gets to know it, as by docket migrate session-key. Default: it keeps those that it knows."`
}

// Validate refuses a session key that is none before anything is migrated. Kong calls it.
func (m migrateUp) Validate() error {
	if m.Partitions != 0 && (m.Partitions < 2 || m.Partitions > migrations.MostPartitions) {
		return fmt.Errorf("--partitions is %d, want a number from 2 to %d", m.Partitions, migrations.MostPartitions)
	}
	if m.Partitions != 0 && m.Citus {
		return errors.New("--partitions and --citus exclude each other: Citus has shards in place of partitions")
	}
	if m.SessionKey == "" {
		return m.databaseOptions.Validate()
	}
	_, err := parseSessionKey(m.SessionKey)
	return errors.Join(m.databaseOptions.Validate(), err)
}

func (m migrateUp) Run(ctx context.Context) error {
	if err := migrations.Up(ctx, m.directURL()); err != nil {
		return err
	}
	if m.Partitions > 0 {
		if err := migrations.PartitionWith(ctx, m.directURL(), m.Partitions, func(step string) { fmt.Println("partitions:", step) }); err != nil {
			return err
		}
	}
	if m.Citus {
		if err := migrations.Distribute(ctx, m.directURL()); err != nil {
			return err
		}
	}
	if _, err := fmt.Println("the schema is up to date"); err != nil || m.SessionKey == "" {
		return err
	}
	return registerSessionKey(ctx, m.databaseOptions, m.SessionKey, false)
}

type migrateStatus struct{ databaseOptions }

func (m migrateStatus) Run(ctx context.Context) error {
	var out bytes.Buffer
	err := m.describe(ctx, &out)
	_, errPrint := out.WriteTo(os.Stdout)
	return errors.Join(err, errPrint)
}

// describe writes as much of the state as it finds out.
func (m migrateStatus) describe(ctx context.Context, out *bytes.Buffer) error {
	all, err := migrations.Status(ctx, m.directURL())
	if err != nil {
		return err
	}
	for _, step := range all {
		when := "pending"
		if !step.AppliedAt.IsZero() {
			when = step.AppliedAt.Format("2006-01-02 15:04:05")
		}
		fmt.Fprintf(out, "%-20s %s\n", when, step.Name)
	}
	parts, err := migrations.Partitions(ctx, m.directURL())
	if err == nil && parts > 0 {
		fmt.Fprintf(out, "the tables of users' data have %d partitions\n", parts)
	}
	if err != nil || parts > 0 {
		return err
	}
	percent, parts, err := migrations.ChangingOver(ctx, m.directURL())
	if err == nil && parts > 0 {
		fmt.Fprintf(out, "partitioning: %d %% of the rows are copied into %d partitions; docket migrate up --partitions %[2]d goes on\n", percent, parts)
	}
	shards, errShards := migrations.Distributed(ctx, m.directURL())
	if shards.Shards > 0 {
		fmt.Fprintf(out, "the tables of users' data have %d shards on %d workers\n", shards.Shards, shards.Workers)
	}
	return errors.Join(err, errShards)
}
