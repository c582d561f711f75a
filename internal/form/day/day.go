// Package day reads days and bounds of days, and finds when a day begins.
package day

import (
	"regexp"
	"strconv"
	"sync"
	"time"
)

// Parse reads a date of the years 1000 to 9999 that exists, written YYYY-MM-DD: its midnight in UTC.
func Parse(text string) (time.Time, bool) {
	at, err := time.Parse(time.DateOnly, text)
	return at, err == nil && at.Year() >= 1000
}

// Bound is one end of a range of dates: a fixed day, or one that moves with today.
type Bound struct {
	day                 time.Time // of a fixed day
	moving              bool
	years, months, days int
}

var movingDate = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^today(?:([+-]\d{1,4})y|([+-]\d{1,4})m|([+-]\d{1,6})d)?$`)
})

// ParseBound reads "2020-01-31", "today", "today-120y", "today-3m" or "today+30d"; at most 500 years away.
func ParseBound(text string) (Bound, bool) {
	if day, ok := Parse(text); ok {
		return Bound{day: day}, true
	}
	parts := movingDate().FindStringSubmatch(text)
	if parts == nil {
		return Bound{}, false
	}
	years, _ := strconv.Atoi(parts[1]) // Empty is zero.
	months, _ := strconv.Atoi(parts[2])
	days, _ := strconv.Atoi(parts[3])
	near := max(years, -years) <= 500 && max(months, -months) <= 500*12 && max(days, -days) <= 500*365
	return Bound{moving: true, years: years, months: months, days: days}, near
}

// On is the day that b means when today is that day. A person born on 29 February has a birthday on 1 March in other
// years: n years after 29 February is 1 March, and n years before it is 28 February, as a person born on 1 March is not
// n years old yet. A month that has no such day ends before it: three months before 31 May is the last day of February.
func (b Bound) On(today time.Time) time.Time {
	if !b.moving {
		return b.day
	}
	day := today.AddDate(b.years, b.months, b.days)
	switch {
	case b.months != 0 && day.Day() != today.Day():
		day = day.AddDate(0, 0, -day.Day())
	case b.years < 0 && day.Day() != today.Day():
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// BoundsCrossed reports whether low is after high. A fixed and a moving date cannot be compared once and for all.
func BoundsCrossed(low, high string) bool {
	someDay := time.Date(2025, time.June, 15, 0, 0, 0, 0, time.UTC)
	first, _ := ParseBound(low)
	last, _ := ParseBound(high)
	return first.moving == last.moving && first.On(someDay).After(last.On(someDay))
}

// Start is the first instant of a day in a zone; the day is given as its midnight in UTC. Where clocks are turned
// forward at midnight, a day begins at one; where they are turned back, at the first of two midnights.
func Start(midnight time.Time, zone *time.Location) time.Time {
	at := midnight.Add(-24 * time.Hour).In(zone) // no zone is as far ahead
	for {
		_, offset := at.Zone()
		start := midnight.Add(-time.Duration(offset) * time.Second).In(zone)
		if start.Before(at) {
			start = at
		}
		_, end := at.ZoneBounds()
		if end.IsZero() || start.Before(end) {
			return start
		}
		at = end
	}
}
