package ticket

import (
	"time"

	"github.com/google/uuid"
)

// Fate is what became of a ticket that a rule was asked about.
type Fate string

// The fates. Approved and rejected are by people and other systems.
const (
	FateApproved Fate = "approved"
	FateRejected Fate = "rejected"
	FateRule     Fate = "rule" // a rule decided it
	FateOpen     Fate = "open" // it waits, or was withdrawn
)

// Fate is what became of a ticket, as rules are compared with it.
func (t Ticket) Fate() Fate {
	kind, _ := ActorID(t.Decision.By)
	switch {
	case kind == "rule":
		return FateRule
	case t.Status == Approved:
		return FateApproved
	case t.Status == Rejected:
		return FateRejected
	}
	return FateOpen
}

// Agreement compares what one rule said with what people decided.
type Agreement struct {
	Rule, Hash string
	Shadow     bool
	Tickets    map[Outcome]map[Fate]int64
}

// Add counts tickets of which the rule said one thing and that ended in one way.
func (a *Agreement) Add(said Outcome, became Fate, tickets int64) {
	if a.Tickets == nil {
		a.Tickets = map[Outcome]map[Fate]int64{}
	}
	if a.Tickets[said] == nil {
		a.Tickets[said] = map[Fate]int64{}
	}
	a.Tickets[said][became] += tickets
}

// Agreed is how many of the tickets that both the rule and people decided they decided alike.
func (a Agreement) Agreed() (alike, both int64) {
	approve, reject := a.Tickets[OutcomeApprove], a.Tickets[OutcomeReject]
	alike = approve[FateApproved] + reject[FateRejected]
	return alike, alike + approve[FateRejected] + reject[FateApproved]
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
func Disagrees(said Outcome, became Fate) bool {
	return said == OutcomeApprove && became == FateRejected || said == OutcomeReject && became == FateApproved
}

// Comparison is every rule beside what people decided, and the newest tickets on which they differ.
type Comparison struct {
	Rules         []Agreement
	Disagreements []Disagreement
}
