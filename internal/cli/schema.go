package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"docket/db/migrations"
	"docket/internal/postgres"
)

var errStandby = errors.New("DATABASE_URL (--database-url) is a standby, which takes no writes. Give it the primary, and the standby to REPLICA_URL (--replica-url)")

const (
	schemaTime  = 10 * time.Second // how long one database may take to say what schema it has
	schemaPause = time.Second      // until it is asked again
)

// waitForSchema returns when the schema is known to be current: that of the primary, or while that cannot be reached that of
// a replica, which has the same. It fails if the schema is older or the primary is a standby.
func (c serveCommand) waitForSchema(ctx context.Context, log *slog.Logger) error {
	for {
		err := c.checkPrimary(ctx)
		if !postgres.IsUnreachable(err) {
			return err
		}
		if found, err := c.checkReplicas(ctx); found {
			log.Warn("the primary cannot be reached: replicas answer look-ups, and all else has to wait for it")
			return err
		}
		log.Warn("neither the primary nor a replica can be reached; trying again", "error", postgres.LogText(err))
		if err := pauseFor(ctx, schemaPause); err != nil {
			return err
		}
	}
}

// watchSchema returns when the primary can be reached and its schema is current, or when ctx ends. It fails if the schema is
// older.
func (c serveCommand) watchSchema(ctx context.Context) error {
	for {
		err := c.checkPrimary(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if !postgres.IsUnreachable(err) && !errors.Is(err, errStandby) {
			return err
		}
		_ = pauseFor(ctx, schemaPause) // ctx is looked at above
	}
}

// checkPrimary fails if the primary cannot be reached, is a standby or has an older schema.
func (c serveCommand) checkPrimary(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, schemaTime)
	defer cancel()
	standby, err := postgres.IsStandby(ctx, c.DatabaseURL)
	if err != nil {
		return fmt.Errorf("DATABASE_URL (--database-url): %w", err)
	}
	if standby {
		return errStandby
	}
	return migrations.Check(ctx, c.directURL())
}

// checkReplicas returns what the first replica that answers says of the schema. found is false if none does.
func (c serveCommand) checkReplicas(ctx context.Context) (found bool, err error) {
	urls, err := postgres.ParseServers(c.ReplicaURL)
	if err != nil {
		return true, fmt.Errorf("REPLICA_URL (--replica-url): %w", err)
	}
	for _, url := range urls {
		ctx, cancel := context.WithTimeout(ctx, schemaTime)
		err := migrations.Check(ctx, url)
		cancel()
		if !postgres.IsUnreachable(err) {
			return true, err
		}
	}
	return false, nil
}

// pauseFor returns after a time, or with an error when ctx ends.
func pauseFor(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
