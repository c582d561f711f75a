package store

import (
	"context"

	"docket/db"
	"docket/internal/postgres"
)

// confirm returns nil when all that was committed before is where the operator wants it: on the primary's disk, and on a
// standby's if synchronous_standby_names says so. What an earlier attempt wrote can be seen before that, if its wait for the
// standby was ended.
func (s *Store) confirm(ctx context.Context, doing string) error {
	if _, err := s.confirms.Send(ctx, struct{}{}); err != nil {
		return postgres.WrapUnknown(doing, err)
	}
	return nil
}

// confirmBatch makes one commit for all requests. It comes after theirs in the log, and is waited for like them.
func confirmBatch(ctx context.Context, on db.DBTX, requests []struct{}) ([]struct{}, error) {
	_, err := on.Exec(ctx, "SELECT pg_logical_emit_message(true, 'docket', '')")
	return requests, err
}
