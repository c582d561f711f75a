package rules_test

import (
	"slices"
	"testing"
	"time"

	"docket/internal/form/rules"
	"docket/internal/ticket"
)

const limits = head + `fields:
  - {name: amount, label: Amount, type: number}
  - {name: why, label: Why}
reasons:
  - {code: c, label: C, class: retry, text: No.}
`

func TestRule_History(t *testing.T) {
	t.Parallel()
	f := parse(t, limits+`rules:
  - {name: often, when: "history.count('rejected', 90d) >= 2 && history.count( 'submitted' , '24h' ) < 5", decide: reject, reason: c}
  - {name: small, when: "history.sum('amount', '30d') + amount <= 100.0 && why != 'history.count(x)'", decide: approve}
examples:
  - {name: often, today: 2026-03-04, history: {count: {rejected 90d: 2}}, expect: reject, reason: c}
  - {name: small, today: 2026-03-04, answers: {amount: 40}, history: {sum: {amount 30d: 60}}, expect: approve}
  - {name: too much, today: 2026-03-04, answers: {amount: 41}, history: {sum: {amount 30d: 60}}, expect: nothing}
`)
	for _, example := range f.Examples {
		if got := rules.CheckExample(t.Context(), f, example); got != "" {
			t.Errorf("%s: %s", example.Name, got)
		}
	}
	windows := f.HistoryWindows()
	if len(windows) != 3 || !slices.ContainsFunc(windows, func(w ticket.Window) bool { return w.Field == "amount" && w.Length == 30*24*time.Hour }) {
		t.Errorf("the rules ask for %+v, want three windows, one of them the amount of 30 days", windows)
	}
}
