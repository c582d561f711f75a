package ticket

import (
	"strings"
	"time"
)

// SubmittedStatus is what a Window has as its status that counts tickets whatever became of them.
const SubmittedStatus = "submitted"

// Window is what a rule asks of the tickets that the same user has submitted in a time before: how many of them have a status now, or the sum
// of the answers to a field of those that are open or approved.
type Window struct {
	Name   string // of the fact
	Length time.Duration
	Status string // a Status or SubmittedStatus; empty: it adds up Field
	Field  string
}

// What the names of Windows begin with, such as "history.count_rejected_90d" and "history.sum_amount_30d".
const (
	WindowCount = "history.count_"
	WindowSum   = "history.sum_"
)

// ParseWindow is the Window of a name; false when that is none.
func ParseWindow(name string) (Window, bool) {
	rest, counts := strings.CutPrefix(name, WindowCount)
	if !counts {
		var sums bool
		if rest, sums = strings.CutPrefix(name, WindowSum); !sums {
			return Window{}, false
		}
	}
	end := strings.LastIndexByte(rest, '_')
	length, ok := ParseLength(rest[end+1:])
	if end < 0 || !ok {
		return Window{}, false
	}
	window := Window{Name: name, Length: length}
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

// WindowKey is under what Others has what was found in a Window: amounts of money are in minor units, those of each currency apart.
func WindowKey(name, currency string) string {
	if currency == "" {
		return name
	}
	return name + " " + currency
}
