package views

import (
	"strings"
	"time"
)

// ageUnits are the keys of lengths of time as words.Span has them, from the shortest.
var ageUnits = [...]string{"minutes", "hours", "days", "months", "years"}

// ageWords are the words with which a script keeps ages true: "just now", "# ago", less than a minute, then for one and for more of
// each of ageUnits.
func (s Site) ageWords() string {
	words := []string{s.T("ago.now"), s.T("span.ago", "Span", "#"), s.T("span.seconds")}
	for _, unit := range ageUnits {
		words = append(words,
			strings.Replace(s.T("span."+unit, "Count", 1), "1", "#", 1), strings.Replace(s.T("span."+unit, "Count", 7), "7", "#", 1))
	}
	return strings.Join(words, "|")
}

// span is how long ago a time is, as short as tables need it.
func (s Site) span(since time.Time) string { return s.words().Span(s.Now.Sub(since)) }
