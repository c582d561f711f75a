package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"docket/db/migrations"
	"docket/internal/postgres"
	"docket/internal/sleep"
)

var errStandby = errors.New("DATABASE_URL (--database-url) is a standby, which takes no writes. Give it the primary, and the standby to REPLICA_URL (--replica-url)")

var errOtherDatabase = errors.New("REPLICA_URL (--replica-url) leads to another database than DATABASE_URL (--database-url), or to another schema: a replica has the same, of the same cluster")

const (
	schemaTime  = 10 * time.Second // how long one database may take to say what schema it has
	schemaPause = time.Second      // until it is asked again
	copyPause   = 10 * time.Second // until replicas are asked again whose they are
)

// waitForSchema returns when the schema is known to be current: that of the primary, or while that cannot be reached that of
// a replica, which has the same. It fails if the schema is older or the primary is a standby.
func (c serveCommand) waitForSchema(ctx context.Context, log *slog.Logger) error {
	for {
		err := c.checkPrimary(ctx)
		if err == nil {
			if err := c.checkCopies(ctx); errors.Is(err, errOtherDatabase) { // of other errors watchSchema tries again
				return err
			}
			return nil
		}
		if !postgres.IsUnreachable(err) {
			return err
		}
		if found, err := c.checkReplicas(ctx); found {
			log.Warn("the primary cannot be reached: replicas answer look-ups, and all else has to wait for it")
			return err
		}
		log.Warn("neither the primary nor a replica can be reached; trying again", "error", postgres.LogText(err))
		if err := sleep.For(ctx, schemaPause); err != nil {
			return err
		}
	}
}

// watchSchema returns when the primary and all replicas can be reached and the schema is current, or when ctx ends. It fails if the schema is
// older, or a replica is one of another database.
func (c serveCommand) watchSchema(ctx context.Context) error {
	for {
		err := c.checkPrimary(ctx)
		if err == nil {
			return c.watchCopies(ctx)
		}
		if ctx.Err() != nil {
			return nil
		}
		if !postgres.IsUnreachable(err) && !errors.Is(err, errStandby) {
			return err
		}
		_ = sleep.For(ctx, schemaPause) // ctx is looked at above
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

// watchCopies returns when all replicas have been reached, or when ctx ends. It fails if one is not of the primary's database.
func (c serveCommand) watchCopies(ctx context.Context) error {
	for {
		err := c.checkCopies(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err == nil || errors.Is(err, errOtherDatabase) {
			return err
		}
		_ = sleep.For(ctx, copyPause) // ctx is looked at above
	}
}

// checkCopies returns errOtherDatabase if a replica is not of the primary's database, and another error if one does not say it.
func (c serveCommand) checkCopies(ctx context.Context) error {
	urls, err := postgres.ParseServers(c.ReplicaURL)
	if err != nil {
		return fmt.Errorf("REPLICA_URL (--replica-url): %w", err)
	}
	if len(urls) == 0 {
		return nil
	}
	origins, away := make([]string, len(urls)+1), error(nil)
	for n, url := range append([]string{c.DatabaseURL}, urls...) {
		ctx, cancel := context.WithTimeout(ctx, schemaTime)
		origin, err := postgres.ReadOrigin(ctx, url)
		cancel()
		if err != nil {
			away = err
		}
		origins[n] = origin
	}
	for _, origin := range origins[1:] {
		if origin != "" && origins[0] != "" && origin != origins[0] {
			return errOtherDatabase
		}
	}
	return away
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
