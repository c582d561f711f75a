package form

import "time"

// today is the day that now falls on in the form's time zone, as its midnight in UTC.
func (f *Form) today(now time.Time) time.Time {
	year, month, day := now.In(f.Zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// DateBound is the day that a bound of a date field means at this time, as YYYY-MM-DD; "" when it is none.
func (f *Form) DateBound(bound string, now time.Time) string {
	b, ok := parseDateBound(bound)
	if !ok {
		return ""
	}
	return b.on(f.today(now)).Format(time.DateOnly)
}

// ParseTime reads a time such as 2026-01-31T09:00:00Z, or a date, which is the beginning in the form's zone of the day that
// is so many days later. False: it is neither, or of no year that tickets are of.
func (f *Form) ParseTime(text string, days int) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.Parse(time.DateOnly, text)
		at = startOfDay(at.AddDate(0, 0, days), f.Zone)
	}
	return at, err == nil && at.Year() >= 1970 && at.Year() < 10_000
}

// startOfDay is the first instant of a day in a zone; the day is given as its midnight in UTC. Where clocks are turned
// forward at midnight, a day begins at one; where they are turned back, at the first of two midnights.
func startOfDay(midnight time.Time, zone *time.Location) time.Time {
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
