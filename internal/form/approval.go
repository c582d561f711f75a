package form

import (
	"encoding/json"
	"time"

	"docket/internal/ticket"
)

// MaxSubject is how many characters what a ticket is for may have.
const MaxSubject = 200

// Approvals says how long approvals hold. The zero Approvals is for ever.
type Approvals struct {
	ValidFor Period // from the decision; zero: as long as Until says
	Until    *Time  // nil: as long as ValidFor says; of both the earlier
	AskAgain Period // how long before the end the user is asked for a new ticket; zero: not at all
}

// Time is an expression of the form file that gives a time. Package rules compiles it.
type Time struct {
	Text     string                          // as it stands in the form file
	WholeDay bool                            // it gives days, of which it means the end
	At       func(*Values) (time.Time, bool) // false: it names an answer that is not there
}

// TermsOf are the terms of an approval that is decided at a time, of a ticket with these answers.
func (f *Form) TermsOf(extra, _ json.RawMessage, at time.Time) ticket.Terms {
	var terms ticket.Terms
	if f.Approval.ValidFor != (Period{}) {
		terms.Until = f.Approval.ValidFor.After(at.In(f.Zone))
	}
	if f.Approval.Until != nil {
		if until, ok := f.Approval.Until.On(f, f.ValuesOf(f.Answers(extra), at)); ok && (terms.Until.IsZero() || until.Before(terms.Until)) {
			terms.Until = until
		}
	}
	return terms
}

// On is the time that the expression gives: of a day its end in the form's zone.
func (e *Time) On(f *Form, v *Values) (time.Time, bool) {
	at, ok := e.At(v)
	if ok && e.WholeDay {
		at = startOfDay(at.AddDate(0, 0, 1), f.Zone)
	}
	return at, ok
}

// SubjectOf is what a ticket with these answers is for, where the form says latest_per; empty otherwise.
func (f *Form) SubjectOf(answers Answers) string {
	for _, answer := range answers {
		if answer.Name == f.LatestPer && f.LatestPer != "" {
			return answer.Text()
		}
	}
	return ""
}

// FollowsLast reports whether a user's next ticket depends on their last one, whatever that is for: it may have to be closed, and a rejection
// is followed by what it asks again. Where the form says latest_per, what the next ticket is for is only known when it is sent.
func (f *Form) FollowsLast() bool { return f.OneOpen && f.LatestPer == "" }

// ApprovalsEnd reports whether approvals of the form can end.
func (f *Form) ApprovalsEnd() bool {
	return f.Approval.ValidFor != (Period{}) || f.Approval.Until != nil
}
