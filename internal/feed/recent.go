package feed

import (
	"slices"
	"time"
)

const (
	maxRecent = 4096             // events that are kept in memory
	idleTime  = 10 * time.Second // after which they are dropped, if nobody reads them
)

// recent are the newest events, so that readers who are not behind share one query. Its events are never changed, only replaced.
type recent struct {
	from, to Position // it has all events after from, up to to
	events   []Event
	usedAt   time.Time
}

// after returns the events after a position; false: it does not have all of them.
func (r *recent) after(p Position) ([]Event, bool) {
	if p < r.from || r.to == 0 {
		return nil, false
	}
	first, _ := slices.BinarySearchFunc(r.events, p+1, func(e Event, p Position) int { return int(e.Position - p) })
	return r.events[first:], true
}

// extended is r with events up to a position.
func (r recent) extended(events []Event, to Position) recent {
	r.events, r.to = append(r.events, events...), to
	if drop := len(r.events) - maxRecent; drop > 0 {
		r.from, r.events = r.events[drop-1].Position, r.events[drop:]
	}
	return r
}
