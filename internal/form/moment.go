package form

import "time"

// Moment reads a time such as 2026-01-31T09:00:00Z, or a date, which is its first moment in the form's zone, so many days
// later. False: it is neither, or of no year that tickets are of.
func (f *Form) Moment(text string, days int) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.ParseInLocation(time.DateOnly, text, f.Zone)
		at = at.AddDate(0, 0, days)
	}
	return at, err == nil && at.Year() >= 1970 && at.Year() < 10_000
}
