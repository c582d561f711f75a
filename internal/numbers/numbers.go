// Package numbers says how a ticket system is doing, as plain data: what happened in a range of time, and what waits now.
package numbers

import "time"

// Report is what happened in a range of time, beside the range of the same length before, and what waits now.
type Report struct {
	From, To time.Time
	Totals   Totals
	Before   Totals
	Parts    []Part // the days of the range, or its hours where that is short
	Hourly   bool   // Parts are hours
	Partial  bool   // what was before the last hours is not all counted yet
	Waiting  Waiting
}

// Totals are the counts of a range of time.
type Totals struct {
	Submitted, Withdrawn, Revoked int64
	Decided                       map[string]Outcomes // by the kind of decider: agent, rule, key
	Reasons                       map[string]int64    // of rejections, by code
	Rules                         map[string]Outcomes // what rules decided, by name
	Agents                        map[string]Agent    // by the id of the account
	Attempts                      map[int]int64       // approvals by the attempt that was approved
	Wait                          Durations           // from submission to decision, of tickets that no rule decided
}

// Outcomes counts decisions.
type Outcomes struct{ Approved, Rejected int64 }

// Sum is how many decisions there were.
func (o Outcomes) Sum() int64 { return o.Approved + o.Rejected }

// Agent is what one agent did.
type Agent struct {
	Outcomes
	Revoked int64     // approvals by this agent that were revoked in the range
	Time    Durations // from opening a ticket to the decision
}

// DecidedBy adds up what some kinds of deciders decided; of all of them when none is given.
func (t Totals) DecidedBy(kinds ...string) (sum Outcomes) {
	if len(kinds) == 0 {
		kinds = []string{"agent", "rule", "key"}
	}
	for _, kind := range kinds {
		sum.Approved += t.Decided[kind].Approved
		sum.Rejected += t.Decided[kind].Rejected
	}
	return sum
}

// Part is an hour or a day of a range.
type Part struct {
	Begin     time.Time
	Submitted int64
	Outcomes
	Wait Durations // as in Totals
}

// Waiting is how many tickets wait now, by how long they have.
type Waiting struct {
	Ages [len(AgeBounds) + 1]int64 // the first are younger than the first of AgeBounds
	More bool                      // there are more than MaxWaiting; the youngest are not counted
}

// MaxWaiting is how many waiting tickets are counted at most.
const MaxWaiting = 100_000

// AgeBounds are the ages at which waiting tickets are told apart.
var AgeBounds = [...]time.Duration{time.Hour, 4 * time.Hour, 8 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour}

// Sum is how many wait, at most MaxWaiting.
func (w Waiting) Sum() (sum int64) {
	for _, n := range w.Ages {
		sum += n
	}
	return sum
}
