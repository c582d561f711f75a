package form

import "time"

// Retain says how long what was sent is kept: with a ticket since it was closed or its approval taken back, in a draft since it was saved last. The zero
// Period is for ever, and for drafts as long as docket keeps them without being told.
type Retain struct{ Approved, Rejected, Withdrawn, Revoked, Drafts Period }

// Period is a time by the calendar.
type Period struct{ Years, Months, Days int }

// Before is the time that is a period before t.
func (p Period) Before(t time.Time) time.Time { return t.AddDate(-p.Years, -p.Months, -p.Days) }
