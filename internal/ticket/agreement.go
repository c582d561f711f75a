package ticket

import (
	"time"

	"github.com/google/uuid"
)

// FinalOutcome is what became of a ticket that a rule was asked about.
type FinalOutcome string

// The final outcomes. Approved and rejected are by agents: only people are compared with rules.
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

// Agreement compares what one rule said with what people decided.
type Agreement struct {
	Rule, Hash string
	Shadow     bool
	Tickets    map[Outcome]map[FinalOutcome]int64
}

// Add counts tickets of which the rule said one thing and that ended in one way.
func (a *Agreement) Add(said Outcome, became FinalOutcome, tickets int64) {
	if a.Tickets == nil {
		a.Tickets = map[Outcome]map[FinalOutcome]int64{}
	}
	if a.Tickets[said] == nil {
		a.Tickets[said] = map[FinalOutcome]int64{}
	}
	a.Tickets[said][became] += tickets
}

// Agreed is how many of the tickets that both the rule and people decided they decided alike.
func (a Agreement) Agreed() (alike, both int64) {
	approve, reject := a.Tickets[OutcomeApprove], a.Tickets[OutcomeReject]
	alike = approve[FinalApproved] + reject[FinalRejected]
	return alike, alike + approve[FinalRejected] + reject[FinalApproved]
}

// Disagreement is a ticket that people decided otherwise than a rule said.
type Disagreement struct {
	Rule, Hash string
	Said       Outcome
	ID         uuid.UUID
	Status     Status
	By         string
	CreatedAt  time.Time
}

// Disagrees reports whether people decided otherwise than a rule said.
func Disagrees(said Outcome, became FinalOutcome) bool {
	return said == OutcomeApprove && became == FinalRejected || said == OutcomeReject && became == FinalApproved
}

// Comparison is every rule beside what people decided, and the newest tickets on which they differ.
type Comparison struct {
	Rules         []Agreement
	Disagreements []Disagreement
}
