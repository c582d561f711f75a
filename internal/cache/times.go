package cache

import "time"

// The times that the argument of the package rests on. Each is counted on the instance's own monotonic clock.
const (
	Life        = 10 * time.Second       // T: how long an entry is served, from before its load began
	MaxLag      = 2 * time.Second        // L: how long ago the replica must be proven to have had everything
	queryTime   = 1 * time.Second        // how long one load may take, if the database is near
	queryMost   = 3 * time.Second        // Q: how long one load may take, however far away it is
	dirtyTime   = 5 * time.Second        // W: the dirty window: how long a written user is read from the primary
	floorTime   = 60 * time.Second       // F: how long a reader may pause and still not step back
	replicaTime = 500 * time.Millisecond // how long a proven replica may take before the primary is asked
)

// A relation that does not hold is a negative constant, and does not compile.
const (
	_ = uint64(dirtyTime - queryMost - MaxLag) // when W ends, even a load that took Q finds the write on the replica
	_ = uint64(floorTime - dirtyTime - Life)   // a floor outlasts the entries and windows that it covers
)

const queryTrips = 2 // round trips of one read: to prepare, to ask

// addTrips adds to a limit the round trips of a read; nil: the database is near.
func addTrips(limit time.Duration, trip func() time.Duration) time.Duration {
	if trip == nil {
		return limit
	}
	return limit + min(queryTrips*trip(), queryMost-queryTime)
}

// times are the times of one cache. Tests scale them, or remove a guard by making its time zero.
type times struct{ life, query, dirty, floor, replica time.Duration }

func defaultTimes() times {
	return times{life: Life, query: queryTime, dirty: dirtyTime, floor: floorTime, replica: replicaTime}
}
