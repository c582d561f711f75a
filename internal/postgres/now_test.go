package postgres_test

import (
	"testing"
	"time"

	"docket/internal/testkit/testdb"
)

// The database says what time it is, not the instance.
func TestPool_Now(t *testing.T) {
	t.Parallel()
	pool := connect(t, testdb.New(t).Primary)
	if _, err := pool.Exec(t.Context(), "CREATE OR REPLACE FUNCTION now_ms() RETURNS bigint LANGUAGE sql AS 'SELECT 86400000::bigint'"); err != nil {
		t.Fatal(err)
	}
	if now, err := pool.Now(t.Context()); err != nil || !now.Equal(time.UnixMilli(86400000)) {
		t.Errorf("it is %v, %v; want the second day of 1970", now, err)
	}
}
