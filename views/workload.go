package views

import (
	"time"

	"docket/internal/ticket"
)

// Workload is what waits at the desk, and what the agent who looks at it has and has done.
type Workload struct {
	Waiting, Late, Snoozed int64
	Most                   int64     // counts beyond that are not known
	Oldest                 time.Time // zero: none waits
	Mine, Decided          int64     // the agent's: held or handed over, and decided today
	Looks                  int64     // second looks that are offered to the agent
}

// looks are the second looks that are offered; 0 when they are not counted.
func (w *Workload) looks() int64 {
	if w == nil {
		return 0
	}
	return w.Looks
}

// count is a number, or that there are more than are counted.
func (w Workload) count(site Site, key string, n int64) string {
	if n > w.Most {
		return site.T("workload.many", "What", site.T(key, "Count", int(w.Most)))
	}
	return site.T(key, "Count", int(n))
}

// of is how many tickets a list of open ones has; 0 when that is not counted.
func (w *Workload) of(f Filter) int64 {
	switch {
	case w == nil || !f.status().Open():
		return 0
	case f.Tab == ticket.Mine:
		return w.Mine
	case f.Tab == ticket.Snoozed:
		return w.Snoozed
	case f.Tab == "":
		return w.Waiting
	}
	return 0
}
