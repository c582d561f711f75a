package form

import (
	"math"
	"slices"

	"docket/internal/form/money"
	"docket/internal/ticket"
)

// Names of facts that count or add up the user's earlier tickets, such as "history.count_rejected_90d" and "history.sum_amount_30d".
const (
	HistoryCount = ticket.WindowCount
	HistorySum   = ticket.WindowSum
)

// HistoryWindows are what the rules count or add up of the user's earlier tickets.
func (f *Form) HistoryWindows() (windows []ticket.Window) {
	for _, rule := range f.Rules {
		for _, name := range rule.Facts {
			window, ok := ticket.ParseWindow(name)
			if ok && !slices.Contains(windows, window) {
				windows = append(windows, window)
			}
		}
	}
	return windows
}

// Sum is what a fact has added up: of a field of type money the amounts in the currency of the answer, in major units.
func (f Facts) Sum(name string) float64 {
	sum := f.Windows[name]
	window, _ := ticket.ParseWindow(name)
	for _, answer := range f.Answers {
		if answer.Name != window.Field || answer.Type != Money {
			continue
		}
		if amount, ok := money.ParseStored(answer.Text()); ok {
			decimals, _ := money.Decimals(amount.Currency)
			sum += f.Windows[ticket.WindowKey(name, amount.Currency)] / math.Pow10(decimals)
		}
	}
	return sum
}
