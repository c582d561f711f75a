package views

import (
	"fmt"
	"strconv"
	"time"

	"docket/internal/ticket"
)

// RulesView is how the rules did in a range of time.
type RulesView struct {
	Filter       Filter    // of which From and To count
	Since, Until time.Time // the range in use
	Found        ticket.Comparison
	Names        map[string]string // actor → what to show
	Invalid      map[string]string // from, to → message
}

// fates are the columns of a rule's matrix.
var fates = [...]ticket.FinalOutcome{ticket.FinalApproved, ticket.FinalRejected, ticket.FinalByRule, ticket.FinalOpen}

// saidOf are the rows of a rule's matrix: what it can say, and what it has said.
func saidOf(rule ticket.Agreement) (said []ticket.Outcome) {
	for _, outcome := range []ticket.Outcome{ticket.OutcomeApprove, ticket.OutcomeReject, ticket.OutcomeNothing, ticket.OutcomeFailed} {
		if _, ok := rule.Tickets[outcome]; ok || outcome == ticket.OutcomeNothing {
			said = append(said, outcome)
		}
	}
	return said
}

func ruleKind(rule ticket.Agreement) string {
	if rule.Shadow {
		return "Shadow"
	}
	return "Live"
}

// agreed says in how many cases people decided as the rule says.
func agreed(rule ticket.Agreement) string {
	alike, both := rule.Agreed()
	if both == 0 {
		return "People have decided none of the tickets on which it says something."
	}
	return fmt.Sprintf("People agree in %d of %s (%.1f %%).", alike, count(both, "case", "cases"), 100*float64(alike)/float64(both))
}

func whole(n int64) string { return strconv.FormatInt(n, 10) }
