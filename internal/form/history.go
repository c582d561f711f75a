package form

import (
	"slices"
	"strings"
	"time"

	"docket/internal/ticket"
)

// Names of facts that count or add up the user's earlier tickets, such as "history.count_rejected_90d" and "history.sum_amount_30d".
const (
	HistoryCount = HistoryFacts + "count_"
	HistorySum   = HistoryFacts + "sum_"
)

// HistoryWindows are what the rules count or add up of the user's earlier tickets.
func (f *Form) HistoryWindows() (windows []ticket.Window) {
	for _, rule := range f.Rules {
		for _, name := range rule.Facts {
			window, ok := windowNamed(name)
			if ok && !slices.Contains(windows, window) {
				windows = append(windows, window)
			}
		}
	}
	return windows
}

// windowNamed is what a fact counts or adds up; false when it is another fact.
func windowNamed(name string) (ticket.Window, bool) {
	rest, counts := strings.CutPrefix(name, HistoryCount)
	if !counts {
		var sums bool
		if rest, sums = strings.CutPrefix(name, HistorySum); !sums {
			return ticket.Window{}, false
		}
	}
	end := strings.LastIndexByte(rest, '_')
	length, ok := ParseLength(rest[end+1:])
	if end < 0 || !ok {
		return ticket.Window{}, false
	}
	window := ticket.Window{Name: name, Length: length}
	if counts {
		window.Status = rest[:end]
	} else {
		window.Field = rest[:end]
	}
	return window, true
}

// ParseLength reads hours (h), days (d) or weeks (w), such as 90d; 10,000 of them at most.
func ParseLength(text string) (time.Duration, bool) {
	if len(text) < 2 {
		return 0, false
	}
	unit, known := map[byte]time.Duration{'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour}[text[len(text)-1]]
	number := 0
	for _, c := range text[:len(text)-1] {
		if c < '0' || c > '9' || number > 1000 {
			return 0, false
		}
		number = 10*number + int(c-'0')
	}
	return time.Duration(number) * unit, known && number > 0
}
