package rollup

import (
	"context"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"docket/db"
	"docket/internal/numbers"
	"docket/internal/postgres"
	"docket/internal/ticket"
)

const hourlyUpTo = 50 * time.Hour // a longer range is shown by day

// Read reads what happened from a time to another, whose location says when a day begins, and what waits at now. The times are
// exact to half an hour.
func (r *Rollups) Read(ctx context.Context, from, to, now time.Time) (found numbers.Report, err error) {
	for _, pool := range r.readablePools(ctx) {
		if found, err = r.readFrom(ctx, pool, from, to, now); err == nil || ctx.Err() != nil {
			break
		}
	}
	return found, err
}

func (r *Rollups) readablePools(ctx context.Context) []*postgres.Pool {
	if ticket.IsFresh(ctx) {
		return []*postgres.Pool{r.primary}
	}
	return r.pools()
}

// readFrom reads the totals, which take longest to decode, beside the rest.
func (r *Rollups) readFrom(ctx context.Context, pool *postgres.Pool, from, to, now time.Time) (numbers.Report, error) {
	found := numbers.Report{From: from, To: to, Hourly: to.Sub(from) <= hourlyUpTo}
	fromMS, toMS := roundDown(from.UnixMilli(), slotTime), roundUp(to.UnixMilli(), slotTime)
	beforeMS := fromMS - (toMS - fromMS)
	begins, bounds := partsOf(from, to, found.Hourly), []int64{beforeMS}
	for _, begin := range begins {
		bounds = append(bounds, roundDown(begin.UnixMilli(), slotTime))
	}
	var totals []numbers.Totals
	var parts []numbers.Part
	reads, ctx := errgroup.WithContext(ctx)
	reads.Go(func() (err error) {
		totals, err = r.readTotals(ctx, pool, []int64{beforeMS, fromMS, toMS})
		return postgres.WrapError("read the numbers", err)
	})
	reads.Go(func() (err error) {
		if parts, err = r.readParts(ctx, pool, append(bounds, toMS)); err != nil {
			return postgres.WrapError("read the numbers of each day", err)
		}
		if found.Partial, err = r.partial(ctx, pool, now); err != nil {
			return postgres.WrapError("read how far the numbers are", err)
		}
		found.Waiting, err = r.readWaiting(ctx, pool, now)
		return postgres.WrapError("count what waits", err)
	})
	if err := reads.Wait(); err != nil {
		return numbers.Report{}, err
	}
	found.Before, found.Totals = totals[0], totals[1]
	found.Before.Wait, found.Parts = parts[0].Wait, parts[1:]
	for i := range found.Parts {
		found.Parts[i].Begin = begins[i]
		found.Totals.Wait.Add(found.Parts[i].Wait, 1)
	}
	return found, nil
}

// partial reports whether the first count of what was before is still under way.
func (r *Rollups) partial(ctx context.Context, pool *postgres.Pool, now time.Time) (bool, error) {
	return r.q.RollupPartial(ctx, pool, now.Add(-dayTime).UnixMilli())
}

// roundUp is the first multiple of a unit that is not before a time.
func roundUp(ms int64, unit time.Duration) int64 {
	return roundDown(ms+unit.Milliseconds()-1, unit)
}

// addCount adds a count to what it counts.
func addCount(t *numbers.Totals, c count) {
	switch c.what {
	case "submitted":
		t.Submitted += c.n
	case "withdrawn":
		t.Withdrawn += c.n
	case "revoked":
		t.Revoked += c.n
	case "approved", "rejected":
		t.Decided[c.key] = withOutcome(t.Decided[c.key], c.what == "approved", c.n)
	case "rule_approved", "rule_rejected":
		t.Rules[c.key] = withOutcome(t.Rules[c.key], c.what == "rule_approved", c.n)
	case "reason":
		t.Reasons[c.key] += c.n
	case "attempts":
		attempt, _ := strconv.Atoi(c.key) // the database has a number there
		t.Attempts[attempt] += c.n
	default:
		addLookCount(&t.Looks, c)
		addAgentCount(t, c)
	}
}

func addLookCount(l *numbers.Looks, c count) {
	switch c.what {
	case "look_agreed", "look_differed":
		l.Kinds[c.key] = withLook(l.Kinds[c.key], c.what == "look_agreed", c.n)
	case "rule_look_agreed", "rule_look_differed":
		l.Rules[c.key] = withLook(l.Rules[c.key], c.what == "rule_look_agreed", c.n)
	case "reason_look_agreed", "reason_look_differed":
		l.Reasons[c.key] = withLook(l.Reasons[c.key], c.what == "reason_look_agreed", c.n)
	}
}

func addAgentCount(t *numbers.Totals, c count) {
	agent := t.Agents[c.key]
	switch c.what {
	case "agent_approved", "agent_rejected":
		agent.Outcomes = withOutcome(agent.Outcomes, c.what == "agent_approved", c.n)
	case "agent_revoked":
		agent.Revoked += c.n
	case "agent_reopened":
		agent.Reopened += c.n
	case "agent_overruled":
		agent.Overruled += c.n
	case "agent_look_agreed", "agent_look_differed":
		agent.Looks = withLook(agent.Looks, c.what == "agent_look_agreed", c.n)
	case "agent_time":
		agent.Time.AddTo(c.bucket, c.n)
	default:
		return // a later release counts more
	}
	t.Agents[c.key] = agent
}

func withOutcome(o numbers.Outcomes, approved bool, n int64) numbers.Outcomes {
	if approved {
		o.Approved += n
	} else {
		o.Rejected += n
	}
	return o
}

func withLook(a numbers.Agreement, agrees bool, n int64) numbers.Agreement {
	if agrees {
		a.Agreed += n
	} else {
		a.Differed += n
	}
	return a
}

// partsOf are when the days of a range begin, each but the first at midnight where from is, or its hours.
func partsOf(from, to time.Time, hourly bool) (begins []time.Time) {
	next := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day()+1, 0, 0, 0, 0, t.Location())
	}
	if hourly {
		next = func(t time.Time) time.Time { return t.Truncate(time.Hour).Add(time.Hour) }
	}
	for at := from; at.Before(to); at = next(at) {
		begins = append(begins, at)
	}
	return begins
}

func (r *Rollups) readWaiting(ctx context.Context, pool *postgres.Pool, now time.Time) (waiting numbers.Waiting, err error) {
	bounds := make([]int64, len(numbers.AgeBounds))
	for i, age := range numbers.AgeBounds {
		bounds[len(bounds)-1-i] = now.Add(-age).UnixMilli()
	}
	rows, err := r.q.RollupWaiting(ctx, pool, db.RollupWaitingParams{Bounds: bounds, Most: numbers.MaxWaiting, Max: numbers.MaxWaiting + 1})
	waiting.Queues = map[string]numbers.Ages{}
	for _, row := range rows {
		place := len(bounds) - int(row.Part)
		queue := waiting.Queues[row.Queue]
		waiting.Ages[place], queue[place] = waiting.Ages[place]+row.N, queue[place]+row.N
		waiting.Queues[row.Queue] = queue
	}
	waiting.More = waiting.Sum() == numbers.MaxWaiting+1
	return waiting, err
}

const (
	usualRange  = 7 * dayTime
	usualMaxAge = 5 * time.Minute // of what is remembered
)

// Usual is within what time tickets were decided in the last week that no rule decided; 0 when that is not known. It is read every
// few minutes.
func (r *Rollups) Usual(ctx context.Context, now time.Time) time.Duration {
	r.usual.mu.Lock()
	known, due := r.usual.wait, now.Sub(r.usual.readAt) >= usualMaxAge
	if due { // other requests do not wait for this one
		r.usual.readAt = now
	}
	r.usual.mu.Unlock()
	if !due {
		return known
	}
	pools := r.pools()
	rows, err := r.q.RollupWaits(ctx, pools[0], roundDown(now.Add(-usualRange).UnixMilli(), dayTime))
	if err != nil {
		return known
	}
	var waits numbers.Durations
	for _, row := range rows {
		waits.AddTo(int(row.Bucket), row.N)
	}
	r.usual.mu.Lock()
	defer r.usual.mu.Unlock()
	r.usual.wait = waits.Usual()
	return r.usual.wait
}
