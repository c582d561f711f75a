package app

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"docket/internal/cache"
	"docket/internal/postgres"
	"docket/internal/store"
)

const startTimeTimeout = 500 * time.Millisecond // how long a replica may take to say when it was started

// replica is one replica of the primary, with its own gate.
type replica struct {
	name      string // in the metrics: replica, replica-2 and so on, in the order given
	pool      *postgres.Pool
	reader    *store.Reader
	gate      *cache.Gate
	startTime atomic.Int64 // of the server, if it is behind a pooler
}

// connectReplicas opens the replicas. Each new connection invalidates what is proven of one.
func (i *Instance) connectReplicas(ctx context.Context, c Config) error {
	urls, err := postgres.ParseServers(c.ReplicaURL)
	if err != nil {
		return fmt.Errorf("REPLICA_URL: %w", err)
	}
	for n, url := range urls {
		r := &replica{name: "replica"}
		if n > 0 {
			r.name = fmt.Sprintf("replica-%d", n+1)
		}
		replayed := func(ctx context.Context) (int64, error) { return r.reader.ReplayedPosition(ctx) }
		r.gate = cache.NewGate(store.NewReader(i.Primary).WrittenPosition, replayed).AfterRead(r.checkServer)
		if r.pool, err = postgres.Connect(ctx, url, r.gate.Invalidate); err != nil { // after the gate, as it may connect at once
			return err
		}
		r.reader = store.NewReader(r.pool).WithFingerprint(i.fingerprint)
		i.replicas = append(i.replicas, r)
	}
	return nil
}

// checkServer invalidates what is proven if another server answers behind a pooler. It does that before it stores the new
// server's start time: a read that finds that time stored has the invalidation counted.
func (r *replica) checkServer(ctx context.Context) {
	if !postgres.UsesPooler(r.pool) {
		return // another server is reached by a new connection
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeTimeout+postgres.Trips(r.pool, 2))
	defer cancel()
	if startTime, err := r.reader.StartTime(ctx); err != nil || startTime != r.startTime.Load() {
		r.gate.Invalidate()
		r.startTime.Store(startTime)
	}
}

// cacheReplicas returns the replicas for the cache.
func (i *Instance) cacheReplicas() (all []cache.Replica) {
	for _, r := range i.replicas {
		all = append(all, cache.Replica{Reader: r.reader, Gate: r.gate, Trip: tripOf(r.pool)})
	}
	return all
}

// replicaClocks returns how to ask each replica what time it is.
func (i *Instance) replicaClocks() (all []func(context.Context) (time.Time, error)) {
	for _, r := range i.replicas {
		all = append(all, r.reader.Time)
	}
	return all
}

// tripOf returns a function that says how long a round trip to the server of a pool takes.
func tripOf(pool *postgres.Pool) func() time.Duration {
	return func() time.Duration { return postgres.Trips(pool, 1) }
}

// readUnless returns the cache's way to read the primary.
func readUnless(primary *postgres.Pool) cache.ReadUnless {
	return func(ctx context.Context, patient bool, read func(context.Context) error) error {
		if patient {
			return postgres.ReadUnlessSilent(ctx, primary, read)
		}
		return postgres.ReadUnlessQuiet(ctx, primary, read)
	}
}

// reportPools returns the databases that a report may read, best first: replicas that are proven fresh, then the primary, then
// any replica.
func (i *Instance) reportPools() []*postgres.Pool {
	pools := append(i.provenPools(), i.Primary)
	for _, r := range i.replicas {
		if !slices.Contains(pools, r.pool) {
			pools = append(pools, r.pool)
		}
	}
	return pools
}

// provenPools returns the pools of the replicas that are proven fresh.
func (i *Instance) provenPools() (pools []*postgres.Pool) {
	for _, r := range i.replicas {
		if r.gate.Open() {
			pools = append(pools, r.pool)
		}
	}
	return pools
}

// replicaPools returns the replicas' pools, the most recently proven first.
func (i *Instance) replicaPools() (pools []*postgres.Pool) {
	sorted := slices.SortedStableFunc(slices.Values(i.replicas), func(a, b *replica) int { return a.gate.CompareAge(b.gate) })
	for _, r := range sorted {
		pools = append(pools, r.pool)
	}
	return pools
}

// readReplica has read read a replica that is proven: see feed.ReadReplica.
func (i *Instance) readReplica(ctx context.Context, read func(context.Context, *postgres.Pool) error) (proven bool, err error) {
	for _, r := range i.replicas {
		if r.gate.Open() {
			return r.gate.Read(ctx, func(ctx context.Context) error { return read(ctx, r.pool) })
		}
	}
	return false, nil
}
