package form

import "time"

// Retain says how long what was sent is kept: with a ticket since it was closed or its approval taken back, in a draft since it was saved
// last. The zero Period is for ever, and for drafts as long as docket keeps them without being told.
type Retain struct{ Approved, Rejected, Withdrawn, Revoked, Drafts Period }

// Period is a time by the calendar, or by the clock.
type Period struct {
	Years, Months, Days int
	Time                time.Duration
}

// After is the time that is a period after t.
func (p Period) After(t time.Time) time.Time {
	return t.AddDate(p.Years, p.Months, p.Days).Add(p.Time)
}

// Before is the time that is a period before t.
func (p Period) Before(t time.Time) time.Time {
	return t.AddDate(-p.Years, -p.Months, -p.Days).Add(-p.Time)
}
