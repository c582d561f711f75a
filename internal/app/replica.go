package app

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"docket/internal/cache"
	"docket/internal/postgres"
	"docket/internal/store"
)

const againTime = 500 * time.Millisecond // how long a replica may take to say when it was started

// replica is one copy of the primary. Each is proven for itself.
type replica struct {
	name string // in the metrics: replica, replica-2 and so on, in the order given
	pool *pgxpool.Pool
	desk *store.Store
	gate *cache.Gate
	born atomic.Int64 // when the server was started that is behind a pooler
}

// follow makes what reads the replicas. Whatever is reached by a new connection is in doubt.
func (i *Instance) follow(ctx context.Context, c Config) error {
	urls, err := postgres.ParseServers(c.ReplicaURL)
	if err != nil {
		return fmt.Errorf("REPLICA_URL: %w", err)
	}
	for n, url := range urls {
		r := &replica{name: "replica"}
		if n > 0 {
			r.name = fmt.Sprintf("replica-%d", n+1)
		}
		written := func(ctx context.Context) (int64, error) { return r.desk.Written(ctx) }
		replayed := func(ctx context.Context) (int64, error) { return r.desk.Replayed(ctx) }
		r.gate = cache.NewGate(written, replayed).Again(r.again) // before the pool, which may connect at once
		if r.pool, err = postgres.Connect(ctx, url, r.gate.Doubt); err != nil {
			return err
		}
		r.desk = store.New(i.Primary, r.pool, c.Log)
		i.replicas = append(i.replicas, r)
	}
	return nil
}

// again doubts the server behind a pooler if it is not the one from before. First the doubt: who finds the server known
// has that counted.
func (r *replica) again(ctx context.Context) {
	if !postgres.UsesPooler(r.pool) {
		return // another server is reached by another connection
	}
	ctx, cancel := context.WithTimeout(ctx, againTime)
	defer cancel()
	if born, err := r.desk.Born(ctx); err != nil || born != r.born.Load() {
		r.gate.Doubt()
		r.born.Store(born)
	}
}

// copies are the replicas as the cache knows them.
func (i *Instance) copies() (all []cache.Replica) {
	for _, r := range i.replicas {
		all = append(all, cache.Replica{Desk: r.desk, Gate: r.gate})
	}
	return all
}

// reportPools are the databases that a report may read, best first: replicas that are proven fresh, then the primary, then
// any replica.
func (i *Instance) reportPools() []*pgxpool.Pool {
	var fresh, stale []*pgxpool.Pool
	for _, r := range i.replicas {
		if r.gate.Open() {
			fresh = append(fresh, r.pool)
		} else {
			stale = append(stale, r.pool)
		}
	}
	return slices.Concat(fresh, []*pgxpool.Pool{i.Primary}, stale)
}

// nearest are the replicas' pools, those first that were proven last.
func (i *Instance) nearest() (pools []*pgxpool.Pool) {
	sorted := slices.SortedStableFunc(slices.Values(i.replicas), func(a, b *replica) int { return a.gate.Compare(b.gate) })
	for _, r := range sorted {
		pools = append(pools, r.pool)
	}
	return pools
}
