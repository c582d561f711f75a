package cache

import "time"

// The figures that the argument rests on. Each is counted on the instance's own monotonic clock.
const (
	Life      = 10 * time.Second // T: how long an entry is served, from before its load began
	MaxLag    = 2 * time.Second  // L: how long ago the replica must be proven to have had everything
	queryTime = 1 * time.Second  // Q: how long one load may take
	dirtyTime = 5 * time.Second  // W: how long a user who was written is read from the primary
	floorTime = 60 * time.Second // F: how long a reader may pause and still not step back
)

// A relation that does not hold is a negative constant, and does not compile.
const (
	_ = uint64(dirtyTime - queryTime - MaxLag) // when W ends, even a load that took Q finds the write on the replica
	_ = uint64(floorTime - dirtyTime - Life)   // a floor outlasts the entries and windows that it covers
)

// times are the figures as one cache uses them. Tests scale them, or take a guard away by making its time zero.
type times struct{ life, query, dirty, floor time.Duration }

func promised() times {
	return times{life: Life, query: queryTime, dirty: dirtyTime, floor: floorTime}
}
