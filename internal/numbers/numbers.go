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
	Looks                         Looks               // second looks that were given
}

// Outcomes counts decisions.
type Outcomes struct{ Approved, Rejected int64 }

// Sum is how many decisions there were.
func (o Outcomes) Sum() int64 { return o.Approved + o.Rejected }

// Agent is what one agent did.
type Agent struct {
	Outcomes
	Revoked   int64     // approvals by this agent that were revoked in the range
	Reopened  int64     // rejections by this agent after which an admin let the user send again
	Overruled int64     // opinions of this agent against which a ticket was decided
	Time      Durations // from opening a ticket to the decision
	Looks     Agreement // second looks at what this agent decided
}

// Overturned is how often something of the agent's did not stand, or a second look came to something else.
func (a Agent) Overturned() int64 { return a.Revoked + a.Reopened + a.Overruled + a.Looks.Differed }

// Looks are second looks at decisions, by who decided and why.
type Looks struct {
	Kinds   map[string]Agreement // by the kind of decider: agent, rule, key
	Rules   map[string]Agreement // by name
	Reasons map[string]Agreement // of rejections, by code: the second look agrees when it names the reason, too
}

// Agreement counts second looks by whether they agree with the decision.
type Agreement struct{ Agreed, Differed int64 }

// Sum is how many looks there were.
func (a Agreement) Sum() int64 { return a.Agreed + a.Differed }

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
	Ages   Ages
	Queues map[string]Ages // by the queue of the form; those in none under an empty name
	More   bool            // there are more than MaxWaiting, which were not counted yet; the youngest are not among them
}

// Ages counts tickets by age: the first are younger than the first of AgeBounds.
type Ages [len(AgeBounds) + 1]int64

// MaxWaiting is how many waiting tickets are counted for a reader; more are counted once a minute, to half an hour.
const MaxWaiting = 1000

// AgeBounds are the ages at which waiting tickets are told apart.
var AgeBounds = [...]time.Duration{time.Hour, 4 * time.Hour, 8 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour}

// Sum is how many wait; where there are More, one more than MaxWaiting.
func (w Waiting) Sum() int64 { return w.Ages.Sum() }

// Sum is how many there are of all ages.
func (a Ages) Sum() (sum int64) {
	for _, n := range a {
		sum += n
	}
	return sum
}
