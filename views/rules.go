package views

import (
	"time"

	"docket/internal/ticket"
)

// RulesView is how the rules did in a range of time.
type RulesView struct {
	Filter       Filter    // of which From and To count
	Since, Until time.Time // the range in use
	Comparison   ticket.Comparison
	Names        map[string]string // actor → what to show
	Invalid      map[string]string // from, to → message
}

// shownOutcomes are the rows of a rule's table: what it has said, and that it said nothing.
func shownOutcomes(rule ticket.Agreement) (shown []ticket.Outcome) {
	for _, outcome := range ticket.Outcomes {
		if _, ok := rule.Tickets[outcome]; ok || outcome == ticket.OutcomeNothing {
			shown = append(shown, outcome)
		}
	}
	return shown
}

func ruleMode(site Site, rule ticket.Agreement) string {
	if rule.Shadow {
		return site.T("rules.shadow")
	}
	return site.T("rules.live")
}

// agreementText says in how many cases agents decided as the rule says.
func agreementText(site Site, rule ticket.Agreement) string {
	agreed, cases := rule.CountAgreed()
	if cases == 0 {
		return site.T("rules.no_agreement")
	}
	share := site.words().Decimal(100*float64(agreed)/float64(cases), 1)
	return site.T("rules.agreement", "Agreed", int(agreed), "Count", int(cases), "Percent", share)
}
