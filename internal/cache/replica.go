package cache

import (
	"math/rand/v2"
	"slices"

	"docket/internal/ticket"
)

// Replica is a Desk that reads one copy of the primary, and what is proven of that copy. Where the copy fails or knows
// nothing, the Desk asks the primary.
type Replica struct {
	Desk ticket.Desk
	Gate *Gate
}

type replicas []Replica

// proven is one that is proven to have all that was committed MaxLag ago: any of those, so that they share the work.
func (all replicas) proven() (chosen Replica, ok bool) {
	open := 0
	for _, r := range all {
		if !r.Gate.Open() {
			continue
		}
		if open++; rand.IntN(open) == 0 {
			chosen = r
		}
	}
	return chosen, open > 0
}

// nearest are all of them, those first that were proven last.
func (all replicas) nearest() replicas {
	return slices.SortedStableFunc(slices.Values(all), func(a, b Replica) int { return a.Gate.Compare(b.Gate) })
}
