package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"docket/internal/archive"
	"docket/internal/postgres"
)

// databaseClock is how the database knows the time, but for so many days.
const databaseClock = "CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql AS $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + 86400000::bigint * %d $$"

// moveToArchive has the clock of the site's database say 401 days more while what is closed is moved to the archive.
func (s *site) moveToArchive() error {
	ctx := context.Background()
	pool, err := postgres.ConnectPrimary(ctx, s.env["DATABASE_URL"])
	if err != nil {
		return err
	}
	defer pool.Close()
	exec := func(statement string) error { _, err := pool.Exec(ctx, statement); return err }
	if err := exec(fmt.Sprintf(databaseClock, 401)); err != nil {
		return err
	}
	err = exec("INSERT INTO feed_marks (at_ms, seq) SELECT now_ms() - 31 * 86400000::bigint, max(seq) FROM ticket_events")
	if err == nil {
		var moved archive.Result
		moved, err = archive.New(pool, uncounted{}, slog.New(slog.DiscardHandler)).Run(ctx, time.Now().AddDate(0, 0, 1), false, func(archive.Result) {})
		if err == nil && moved.Moved == 0 {
			err = errors.New("nothing was moved to the archive")
		}
	}
	return errors.Join(err, exec(fmt.Sprintf(databaseClock, 0)))
}

// uncounted keeps no count.
type uncounted struct{}

func (uncounted) CountArchived(int64)    {}
func (uncounted) CountNotArchived(int64) {}
