package form

import (
	"time"

	"docket/internal/form/day"
)

// today is the day that now falls on in the form's time zone, as its midnight in UTC.
func (f *Form) today(now time.Time) time.Time {
	year, month, date := now.In(f.Zone).Date()
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}

// DateBound is the day that a bound of a date field means at this time, as YYYY-MM-DD; "" when it is none.
func (f *Form) DateBound(bound string, now time.Time) string {
	b, ok := day.ParseBound(bound)
	if !ok {
		return ""
	}
	return b.On(f.today(now)).Format(time.DateOnly)
}

// ParseTime reads a time such as 2026-01-31T09:00:00Z, or a date, which is the beginning in the form's zone of the day that
// is so many days later. False: it is neither, or of no year that tickets are of.
func (f *Form) ParseTime(text string, days int) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.Parse(time.DateOnly, text)
		at = day.Start(at.AddDate(0, 0, days), f.Zone)
	}
	return at, err == nil && at.Year() >= 1970 && at.Year() < 10_000
}
