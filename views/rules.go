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

// decidedText says how many tickets need nobody by a rule, or would if it were live.
func decidedText(site Site, rule ticket.Agreement) string {
	decided, all := rule.CountDecided()
	share := site.words().Decimal(100*float64(decided)/float64(max(all, 1)), 1)
	key := "rules.decides"
	if rule.Shadow {
		key = "rules.would_decide"
	}
	return site.T(key, "Decided", int(decided), "Count", int(all), "Percent", share)
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

// spoken is how often a rule said approve or reject, and what agents decided then.
type spoken struct {
	Agreed, Against int64
	Undecided       int64 // no agent decided
}

// spokenOf counts what a rule said.
func spokenOf(rule ticket.Agreement) (s spoken) {
	agreed, both := rule.CountAgreed()
	s.Agreed, s.Against = agreed, both-agreed
	for _, outcome := range []ticket.Outcome{ticket.OutcomeApprove, ticket.OutcomeReject} {
		for _, n := range rule.Tickets[outcome] {
			s.Undecided += n
		}
	}
	s.Undecided -= both
	return s
}

// sum is how often the rule spoke.
func (s spoken) sum() int64 { return s.Agreed + s.Against + s.Undecided }

// text says all of it.
func (s spoken) text(site Site) string {
	return site.T("rules.spoke", "Count", int(s.sum()), "Agreed", int(s.Agreed), "Against", int(s.Against))
}

// barParts are the parts of the bar, as shares of its width.
func (s spoken) barParts() (marks []mark) {
	at, all := 0.0, float64(max(1, s.sum()))
	for _, part := range []struct {
		series string
		n      int64
	}{{"approved", s.Agreed}, {"rejected", s.Against}, {"rest", s.Undecided}} {
		if part.n > 0 {
			end := at + float64(part.n)/all
			marks = append(marks, mark{Series: part.series, From: at, To: end})
			at = end
		}
	}
	return marks
}

// legend names the parts with their numbers.
func (s spoken) legend(site Site) [][2]string {
	return [][2]string{
		{"approved", site.T("rules.agreed", "Count", int(s.Agreed))},
		{"rejected", site.T("rules.against", "Count", int(s.Against))},
		{"rest", site.T("rules.undecided", "Count", int(s.Undecided))},
	}
}
