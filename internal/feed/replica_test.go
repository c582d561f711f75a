package feed

import (
	"context"
	"testing"

	"docket/internal/postgres"
	"docket/internal/testkit/testdb"
)

// A replica is asked for what every proven replica has, and for nothing that it may lack.
func TestRead_ReplicaHasSettledOnly(t *testing.T) {
	t.Parallel()
	pool, err := postgres.Connect(t.Context(), testdb.New(t).Primary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	asked := 0
	f := New(pool).WithReplica(func(ctx context.Context, read func(context.Context, *postgres.Pool) error) (bool, error) {
		asked++
		return true, read(ctx, pool)
	})
	f.head = head{position: 9, taken: 9, settled: 4}
	r := reader{Feed: f, Query: Query{Limit: 10}}
	for _, test := range []struct {
		after, until Position
		asked        int
	}{{3, 4, 1}, {4, 9, 0}, {5, 9, 0}} {
		asked = 0
		_, until, err := r.after(t.Context(), test.after, 9)
		if err != nil || until != test.until || asked != test.asked {
			t.Errorf("after %d: until %d, %v, and the replica was asked %d times; want until %d and %d times", test.after, until, err, asked, test.until, test.asked)
		}
	}
}
