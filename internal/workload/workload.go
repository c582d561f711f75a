// Package workload counts what waits at the desk, and what each agent has and has done. However many consoles ask, an instance counts
// once a second.
package workload

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/singleflight"

	"docket/db"
	"docket/internal/postgres"
	"docket/internal/sla"
	"docket/internal/ticket"
)

const (
	// Most is how far waiting tickets are counted, for counts that are asked for once a second. The numbers have all of them.
	Most = 1000

	life      = time.Second     // how long a count is shown
	lifeOwn   = 6 * time.Second // of what an agent has, on a page that loads itself again
	countTime = 2 * time.Second // for one statement
	mostOwn   = 1000            // agents whose counts are kept
	mostLooks = 99              // second looks that are counted
	mostTimes = 100             // times whose backlogs are kept
)

// Counts are what waits: of each at most Most+1. A ticket whose decision is pending does not wait.
type Counts struct {
	Waiting, Late, Snoozed int64
	Oldest                 time.Time // when the oldest that is not snoozed was submitted; zero: none waits
}

// Own is what one agent has and has done.
type Own struct {
	Mine    int64 // tickets that the agent holds, or that are handed over to the agent
	Decided int64 // since the day began
	Looks   int64 // second looks that are offered to the agent, of mostLooks at most; not counted where the form draws none
	Pending bool  // a decision of the agent is pending
	Steps   Steps
	Teams   []string
}

// Steps are what waits in steps: of all, and of those whose step asks the agent. It is counted where the form has steps.
type Steps struct {
	All, Asked  Counts    // All has no Oldest
	OtherOldest time.Time // of those without steps; zero: none waits
}

// For is what waits for an agent: in a step that asks the agent, or without steps.
func (c Counts) For(own Own) Counts {
	all, asked := own.Steps.All, own.Steps.Asked
	if all == (Counts{}) {
		return c
	}
	mine := Counts{Waiting: others(c.Waiting, all.Waiting) + asked.Waiting, Late: others(c.Late, all.Late) + asked.Late, Snoozed: others(c.Snoozed, all.Snoozed) + asked.Snoozed, Oldest: own.Steps.OtherOldest}
	if !asked.Oldest.IsZero() && (mine.Oldest.IsZero() || asked.Oldest.Before(mine.Oldest)) {
		mine.Oldest = asked.Oldest
	}
	return mine
}

// others are those of so many that do not wait in steps. While there are more than are counted, there may be as many others.
func others(all, inSteps int64) int64 {
	if all > Most && inSteps <= Most {
		return all
	}
	return max(all-inSteps, 0)
}

// Workload counts in the primary.
type Workload struct {
	primary *postgres.Pool
	q       *db.Queries
	sla     sla.SLA
	looks   int32 // how far second looks are counted
	steps   bool  // tickets may have steps
	flights singleflight.Group
	now     func() time.Time

	mu     sync.Mutex // guards what follows
	counts counted[Counts]
	own    map[uuid.UUID]counted[Own]
	before map[int64]counted[ticket.Backlog] // by the time in milliseconds
}

// counted is a count and when it was begun.
type counted[T any] struct {
	value T
	at    time.Time
}

func (c counted[T]) fresh(now time.Time, life time.Duration) bool {
	return now.Sub(c.at) < life && !c.at.IsZero()
}

// New counts in the primary; the form says what is late, and whether decided tickets are drawn for a second look.
func New(primary *postgres.Pool, promised sla.SLA, drawsLooks bool) *Workload {
	w := &Workload{primary: primary, q: db.New(), sla: promised, now: time.Now, own: map[uuid.UUID]counted[Own]{}, before: map[int64]counted[ticket.Backlog]{}}
	if drawsLooks {
		w.looks = mostLooks
	}
	return w
}

// WithSteps says whether the form has steps: then each agent is told what waits for them.
func (w *Workload) WithSteps(has bool) *Workload {
	w.steps = has
	return w
}

// WithClock sets the clock by which tickets are late.
func (w *Workload) WithClock(now func() time.Time) *Workload {
	w.now = now
	return w
}

// Counts is what waits, no more than a second ago. After a write of the agent, when the context is ticket.Fresh, it is counted again.
func (w *Workload) Counts(ctx context.Context) (Counts, error) {
	if ticket.IsFresh(ctx) { // a count that others share may have begun before the write
		return w.count(ctx)
	}
	return w.CountsLately(ctx)
}

// CountsLately is what waits, no more than a second ago.
func (w *Workload) CountsLately(ctx context.Context) (Counts, error) {
	w.mu.Lock()
	last := w.counts
	w.mu.Unlock()
	if last.fresh(w.now(), life) {
		return last.value, nil
	}
	return share(ctx, w, "counts", w.count)
}

func (w *Workload) count(ctx context.Context) (Counts, error) {
	at := w.now()
	row, err := w.q.WorkloadCount(ctx, w.primary, db.WorkloadCountParams{LateMs: lateMS(w.sla, at), Most: Most + 1})
	if err != nil {
		return Counts{}, postgres.WrapError("count what waits", err)
	}
	c := Counts{Waiting: row.Waiting, Late: row.Late, Snoozed: row.Snoozed, Oldest: timeOf(row.OldestMs)}
	w.mu.Lock()
	defer w.mu.Unlock()
	if !at.Before(w.counts.at) { // another one that was begun later may have ended before
		w.counts = counted[Counts]{c, at}
	}
	return c, nil
}

// Backlog is what was submitted before a time, in whole seconds, and waits, no more than a second ago; count counts it.
func (w *Workload) Backlog(ctx context.Context, before time.Time, count func(context.Context, time.Time) (ticket.Backlog, error)) (ticket.Backlog, error) {
	before = before.Truncate(life) // most ask for a week ago, each at another moment
	ms := before.UnixMilli()
	w.mu.Lock()
	last := w.before[ms]
	w.mu.Unlock()
	if last.fresh(w.now(), life) {
		return last.value, nil
	}
	return share(ctx, w, "before "+strconv.FormatInt(ms, 10), func(ctx context.Context) (ticket.Backlog, error) {
		at := w.now()
		backlog, err := count(ctx, before)
		if err != nil {
			return ticket.Backlog{}, err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.before) >= mostTimes {
			clear(w.before)
		}
		w.before[ms] = counted[ticket.Backlog]{backlog, at}
		return backlog, nil
	})
}

// Own is what an agent has, and has decided since a time. After a write of the agent, when the context is ticket.Fresh, it is counted
// again.
func (w *Workload) Own(ctx context.Context, agent uuid.UUID, since time.Time) (Own, error) {
	w.mu.Lock()
	last := w.own[agent]
	w.mu.Unlock()
	if last.fresh(w.now(), life) && !ticket.IsFresh(ctx) {
		return last.value, nil
	}
	return w.countOwn(ctx, agent, since)
}

// OwnLately is Own, no more than six seconds ago.
func (w *Workload) OwnLately(ctx context.Context, agent uuid.UUID, since time.Time) (Own, error) {
	w.mu.Lock()
	last := w.own[agent]
	w.mu.Unlock()
	if last.fresh(w.now(), lifeOwn) && (!w.steps || last.fresh(w.now(), life)) { // steps are counted as often as what waits
		return last.value, nil
	}
	return w.countOwn(ctx, agent, since)
}

func (w *Workload) countOwn(ctx context.Context, agent uuid.UUID, since time.Time) (Own, error) {
	return share(ctx, w, agent.String(), func(ctx context.Context) (Own, error) {
		at, actor := w.now(), ticket.Agent(agent.String())
		row, err := w.q.WorkloadOfAgent(ctx, w.primary, db.WorkloadOfAgentParams{AccountID: agent, Actor: actor, SinceMs: since.UnixMilli(), MostLooks: w.looks})
		if err != nil {
			return Own{}, postgres.WrapError("count an agent's tickets", err)
		}
		own := Own{Mine: row.Mine, Decided: row.Decided, Looks: row.Looks, Pending: row.Pending, Teams: row.Teams}
		if own.Steps, err = w.countSteps(ctx, agent, at); err != nil {
			return Own{}, err
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.own) >= mostOwn {
			clear(w.own)
		}
		w.own[agent] = counted[Own]{own, at}
		return own, nil
	})
}

// countSteps counts what waits in steps, if the form has any.
func (w *Workload) countSteps(ctx context.Context, agent uuid.UUID, at time.Time) (s Steps, err error) {
	if !w.steps {
		return s, nil
	}
	row, err := w.q.WorkloadOfSteps(ctx, w.primary, db.WorkloadOfStepsParams{AccountID: agent, LateMs: lateMS(w.sla, at), Most: Most + 1})
	if err != nil {
		return s, postgres.WrapError("count what waits in steps", err)
	}
	return Steps{
		All:         Counts{Waiting: row.AllWaiting, Late: row.AllLate, Snoozed: row.AllSnoozed},
		Asked:       Counts{Waiting: row.Waiting, Late: row.Late, Snoozed: row.Snoozed, Oldest: timeOf(row.OldestMs)},
		OtherOldest: timeOf(row.OtherOldestMs),
	}, nil
}

// timeOf is a time in milliseconds; zero: none.
func timeOf(ms int64) (t time.Time) {
	if ms > 0 {
		t = time.UnixMilli(ms)
	}
	return t
}

// share counts once for all who ask at the same time. One of them may leave meanwhile.
func share[T any](ctx context.Context, w *Workload, key string, count func(context.Context) (T, error)) (T, error) {
	value, err, _ := w.flights.Do(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), countTime)
		defer cancel()
		return count(ctx)
	})
	counts, _ := value.(T)
	return counts, err
}

func lateMS(promised sla.SLA, now time.Time) int64 {
	before := promised.LateBefore(now)
	if before.IsZero() {
		return 0
	}
	return before.UnixMilli()
}
