package form

import (
	"regexp"
	"strconv"
	"sync"
	"time"
)

// isoDate is a date of the years 1000 to 9999 that exists, written YYYY-MM-DD.
func isoDate(text string) (time.Time, bool) {
	day, err := time.Parse(time.DateOnly, text)
	return day, err == nil && day.Year() >= 1000
}

// someDay stands for today where two moving bounds are compared.
var someDay = time.Date(2025, time.June, 15, 0, 0, 0, 0, time.UTC)

// moment is one end of a range of dates: a fixed day, or one that moves with today.
type moment struct {
	day         time.Time // of a fixed day
	moving      bool
	years, days int
}

var relative = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^today(?:([+-]\d{1,4})y|([+-]\d{1,6})d)?$`)
})

// dateBound reads "2020-01-31", "today", "today-120y" or "today+30d"; at most 500 years away.
func dateBound(text string) (moment, bool) {
	if day, ok := isoDate(text); ok {
		return moment{day: day}, true
	}
	parts := relative().FindStringSubmatch(text)
	if parts == nil {
		return moment{}, false
	}
	years, _ := strconv.Atoi(parts[1]) // Empty is zero.
	days, _ := strconv.Atoi(parts[2])
	return moment{moving: true, years: years, days: days}, max(years, -years) <= 500 && max(days, -days) <= 500*365
}

// on is the day that m means when today is that day. It follows the rule that whoever was born on 29 February
// has a birthday on 1 March in other years: n years after 29 February is 1 March, and n years before it is
// 28 February, for whoever was born on 1 March is not n years old yet.
func (m moment) on(today time.Time) time.Time {
	if !m.moving {
		return m.day
	}
	day := today.AddDate(m.years, 0, m.days)
	if m.years < 0 && day.Day() != today.Day() {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// today is the day that now falls on in the form's time zone.
func (f *Form) today(now time.Time) time.Time {
	year, month, day := now.In(f.Zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// Bound is the day that the bound of a date field means at this time, as YYYY-MM-DD; "" when it is none.
func (f *Form) Bound(bound string, now time.Time) string {
	m, ok := dateBound(bound)
	if !ok {
		return ""
	}
	return m.on(f.today(now)).Format(time.DateOnly)
}

// date checks a date against the bounds of a field.
func (f Field) date(text string, today time.Time) (string, Problem) {
	day, ok := isoDate(text)
	if !ok {
		return "", fault(CodeNotADate, "answer.no_date")
	}
	if low, bounded := dateBound(f.Min); bounded && day.Before(low.on(today)) {
		return "", fault(CodeTooEarly, "answer.too_early", "Day", low.on(today))
	}
	if high, bounded := dateBound(f.Max); bounded && day.After(high.on(today)) {
		if f.Max == "today" {
			return "", fault(CodeTooLate, "answer.in_future")
		}
		return "", fault(CodeTooLate, "answer.too_late", "Day", high.on(today))
	}
	return text, Problem{}
}
