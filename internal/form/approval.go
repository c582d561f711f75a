package form

import (
	"encoding/json"
	"strings"
	"time"

	"docket/internal/form/day"
	"docket/internal/ticket"
)

// MaxSubject is how many characters what a ticket is for may have.
const MaxSubject = 200

// GrantPrefix stands before the name of an answer of the approval itself.
const GrantPrefix = "grant."

// Approvals says how long approvals hold. The zero Approvals is for ever.
type Approvals struct {
	ValidFor Period // from the decision; zero: as long as Until says
	Until    *Time  // nil: as long as ValidFor says; of both the earlier
	AskAgain Period // how long before the end the user is asked for a new ticket; zero: not at all
}

// Time is an expression of the form file that gives a time. Package rules compiles it.
type Time struct {
	Text     string // as it stands in the form file
	WholeDay bool   // it gives days, of which it means the end

	// At is the time for the answers of a ticket and of its approval, nil where that has none; false: it names an answer that is not there.
	At func(answers, grant *Values) (time.Time, bool)
}

// TermsOf are the terms of an approval that is decided at a time, of a ticket with these answers, and with answers of its own.
func (f *Form) TermsOf(extra, grant json.RawMessage, at time.Time) ticket.Terms {
	var terms ticket.Terms
	var granted *Values
	if f.Grant != nil && len(grant) > 0 {
		answers := f.Grant.Answers(grant)
		granted = f.Grant.ValuesOf(answers, at)
		if name, ok := strings.CutPrefix(f.LatestPer, GrantPrefix); ok {
			terms.Subject = answers.textOf(name)
		}
	}
	if f.Approval.ValidFor != (Period{}) {
		terms.Until = f.Approval.ValidFor.After(at.In(f.Zone))
	}
	if f.Approval.Until != nil {
		until, ok := f.Approval.Until.At(f.ValuesOf(f.Answers(extra), at), granted)
		if f.Approval.Until.WholeDay {
			until = day.Start(until.AddDate(0, 0, 1), f.Zone)
		} else { // expressions see times as clocks in the form's zone show them
			until = time.Date(until.Year(), until.Month(), until.Day(), until.Hour(), until.Minute(), until.Second(), until.Nanosecond(), f.Zone)
		}
		if ok && (terms.Until.IsZero() || until.Before(terms.Until)) {
			terms.Until = until
		}
	}
	return terms
}

// SubjectOf is what a ticket with these answers is for, where the form says latest_per; empty otherwise.
func (f *Form) SubjectOf(answers Answers) string { return answers.textOf(f.LatestPer) }

// textOf is the answer to a field; empty when there is none.
func (a Answers) textOf(name string) string {
	for _, answer := range a {
		if answer.Name == name {
			return answer.Text()
		}
	}
	return ""
}

// FollowsLast reports whether a user's next ticket depends on their last one, whatever that is for: it may have to be closed, and a rejection
// is followed by what it asks again. Where the form says latest_per, what the next ticket is for is only known when it is sent.
func (f *Form) FollowsLast() bool {
	return f.OneOpen && (f.LatestPer == "" || strings.HasPrefix(f.LatestPer, GrantPrefix))
}
