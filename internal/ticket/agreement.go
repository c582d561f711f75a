package ticket

import (
	"time"

	"github.com/google/uuid"
)

// FinalOutcome is what became of a ticket that a rule was asked about.
type FinalOutcome string

// The final outcomes. Approved and rejected are by agents: only people are compared with rules. An approval that people took
// back is rejected, whoever approved.
const (
	FinalApproved FinalOutcome = "approved"
	FinalRejected FinalOutcome = "rejected"
	FinalByRule   FinalOutcome = "rule" // a rule decided it
	FinalByKey    FinalOutcome = "key"  // another system decided it, with an API key
	FinalOpen     FinalOutcome = "open" // it waits, or was withdrawn
)

// FinalOutcomes lists every final outcome.
var FinalOutcomes = []FinalOutcome{FinalApproved, FinalRejected, FinalByRule, FinalByKey, FinalOpen}

// FinalOutcome is what became of a ticket, as rules are compared with it.
func (t Ticket) FinalOutcome() FinalOutcome {
	kind, _ := ActorID(t.Decision.By)
	switch {
	case t.Status == Revoked:
		return FinalRejected
	case kind == "rule":
		return FinalByRule
	case kind == "key":
		return FinalByKey
	case t.Status == Approved:
		return FinalApproved
	case t.Status == Rejected:
		return FinalRejected
	}
	return FinalOpen
}

// Agreement compares the outcomes of one rule with what people decided.
type Agreement struct {
	Rule, Hash string
	Shadow     bool
	Tickets    map[Outcome]map[FinalOutcome]int64
}

// Add counts tickets with this outcome of the rule and this final outcome.
func (a *Agreement) Add(outcome Outcome, final FinalOutcome, tickets int64) {
	if a.Tickets == nil {
		a.Tickets = map[Outcome]map[FinalOutcome]int64{}
	}
	if a.Tickets[outcome] == nil {
		a.Tickets[outcome] = map[FinalOutcome]int64{}
	}
	a.Tickets[outcome][final] += tickets
}

// CountAgreed counts the tickets that both the rule and people decided, and those of them that they decided alike.
func (a Agreement) CountAgreed() (alike, both int64) {
	approve, reject := a.Tickets[OutcomeApprove], a.Tickets[OutcomeReject]
	alike = approve[FinalApproved] + reject[FinalRejected]
	return alike, alike + approve[FinalRejected] + reject[FinalApproved]
}

// CountDecided counts the tickets that the rule decides, or would if it were live, and all of which it was asked.
func (a Agreement) CountDecided() (decided, all int64) {
	for outcome, tickets := range a.Tickets {
		for _, n := range tickets {
			if all += n; outcome == OutcomeApprove || outcome == OutcomeReject {
				decided += n
			}
		}
	}
	return decided, all
}

// Disagreement is a ticket that people decided otherwise than a rule.
type Disagreement struct {
	Rule, Hash string
	Outcome    Outcome // of the rule
	ID         uuid.UUID
	Status     Status
	By         string
	CreatedAt  time.Time
}

// Disagrees reports whether people decided otherwise than a rule.
func Disagrees(outcome Outcome, final FinalOutcome) bool {
	return outcome == OutcomeApprove && final == FinalRejected || outcome == OutcomeReject && final == FinalApproved
}

// Comparison compares every rule with what people decided, and has the newest tickets on which they differ.
type Comparison struct {
	Rules         []Agreement
	Disagreements []Disagreement
}
