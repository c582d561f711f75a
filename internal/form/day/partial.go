package day

import (
	"strings"
	"time"
)

// Partial is a date as far as it is known: Layout is that of the time package for what is.
type Partial struct {
	First, Last time.Time // the first and the last day that it may be, in UTC
	Layout      string
}

const (
	yearLayout  = "2006"
	monthLayout = "2006-01"
)

// ParsePartial reads YYYY-MM-DD, YYYY-MM or YYYY of the years 1000 to 9999. A day or a month of zeros, as documents have it, is not known.
// False: text is no such date.
func ParsePartial(text string) (Partial, bool) {
	text = strings.TrimSuffix(strings.TrimSuffix(text, "-00"), "-00")
	for _, layout := range []string{time.DateOnly, monthLayout, yearLayout} {
		first, err := time.Parse(layout, text)
		if err != nil || first.Year() < 1000 {
			continue
		}
		last := first
		switch layout {
		case monthLayout:
			last = first.AddDate(0, 1, -1)
		case yearLayout:
			last = first.AddDate(1, 0, -1)
		}
		return Partial{first, last, layout}, true
	}
	return Partial{}, false
}

// String is the date as it is kept.
func (d Partial) String() string { return d.First.Format(d.Layout) }

// Whole reports whether the day is known.
func (d Partial) Whole() bool { return d.Layout == time.DateOnly }

// HasMonth reports whether the month is known.
func (d Partial) HasMonth() bool { return d.Layout != yearLayout }

// FirstOf is the first day that a date may be; nil when text is none.
func FirstOf(text string) any {
	if date, ok := ParsePartial(text); ok {
		return date.First
	}
	return nil
}

// LastOf is the last day that a date may be; nil when text is none.
func LastOf(text string) any {
	if date, ok := ParsePartial(text); ok {
		return date.Last
	}
	return nil
}
