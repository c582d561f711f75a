package feed

import (
	"slices"
	"time"

	"docket/db"
)

const (
	maxUnended = 64                      // observations that are kept
	settleTime = 2500 * time.Millisecond // how old a head is that every proven replica has reached
)

// head is how far everything is known to have ended.
type head struct {
	position Position
	taken    Position  // how far numbers were taken at the last look
	unended  []unended // oldest first
	settled  Position  // the head as it was found some time ago
	next     Position  // becomes settled
	nextAt   time.Time // when next was found
}

// unended is a number up to which not every transaction had ended when it was observed. holders are those that may have one of the
// numbers, and have not ended yet.
type unended struct {
	taken   Position
	holders []string
	at      time.Time
}

// observe moves the head by what the primary says now. It begins anew where the primary has not taken numbers that it had: a failover
// has lost these.
func (h *head) observe(state db.FeedStateRow, now time.Time) {
	taken := Position(state.Taken)
	if taken < h.taken {
		*h = head{}
	}
	if h.taken = taken; taken > h.newest() {
		h.unended = append(h.unended[:min(len(h.unended), maxUnended-1)], unended{taken, state.Holders, now})
	}
	var kept []unended
	for _, u := range h.unended {
		if u.holders = intersect(u.holders, state.Holders); len(u.holders) > 0 {
			kept = append(kept, u)
		} else {
			h.position = max(h.position, u.taken)
		}
	}
	h.unended = slices.DeleteFunc(kept, func(u unended) bool { return u.taken <= h.position })
	if now.Sub(h.nextAt) >= settleTime {
		h.settled, h.next, h.nextAt = h.next, h.position, now
	}
}

// newest is the greatest number that is known to have ended, or observed.
func (h *head) newest() Position {
	if len(h.unended) > 0 {
		return h.unended[len(h.unended)-1].taken
	}
	return h.position
}

// lag is how long the oldest transaction that may have an event has held up the head.
func (h *head) lag(now time.Time) time.Duration {
	if len(h.unended) == 0 {
		return 0
	}
	return now.Sub(h.unended[0].at)
}

func intersect(some, others []string) (both []string) {
	for _, s := range some {
		if slices.Contains(others, s) {
			both = append(both, s)
		}
	}
	return both
}
