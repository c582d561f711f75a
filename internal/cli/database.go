package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/db/migrations"
	"docket/internal/postgres"
)

type database struct {
	DatabaseURL string `env:"DATABASE_URL" placeholder:"URL" help:"The primary: postgres://…. It has to be named."`
	DirectURL   string `name:"database-direct-url" env:"DATABASE_DIRECT_URL" placeholder:"URL" help:"The primary without the pooler that --database-url goes through, such as PgBouncer: to hear of changes, and to migrate. Default: --database-url."`
}

// Validate says which database to name where none is; kong calls it.
func (d database) Validate() error {
	if d.DatabaseURL == "" {
		return errors.New("which database? Set DATABASE_URL or --database-url to the primary, such as postgres://user@host/docket")
	}
	return nil
}

// direct is the address of the primary for what needs a session to itself.
func (d database) direct() string { return cmp.Or(d.DirectURL, d.DatabaseURL) }

// open connects to a database whose schema is current.
func (d database) open(ctx context.Context) (*pgxpool.Pool, error) {
	if err := migrations.Check(ctx, d.direct()); err != nil {
		return nil, err
	}
	return postgres.Connect(ctx, d.DatabaseURL)
}

type migrate struct {
	Up     migrateUp     `cmd:"" help:"Apply what is missing. Any number of instances may do it at once."`
	Status migrateStatus `cmd:"" help:"List the migrations."`
}

type migrateUp struct{ database }

func (m migrateUp) Run(ctx context.Context) error {
	if err := migrations.Up(ctx, m.direct()); err != nil {
		return err
	}
	fmt.Println("the schema is current")
	return nil
}

type migrateStatus struct{ database }

func (m migrateStatus) Run(ctx context.Context) error {
	all, err := migrations.Status(ctx, m.direct())
	if err != nil {
		return err
	}
	for _, step := range all {
		when := "pending"
		if !step.AppliedAt.IsZero() {
			when = step.AppliedAt.Format("2006-01-02 15:04:05")
		}
		fmt.Printf("%-20s %s\n", when, step.Name)
	}
	return nil
}
