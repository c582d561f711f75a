package form

import (
	"context"
	"slices"
	"strings"
	"time"

	"docket/internal/evidence"
	"docket/internal/ticket"
)

// Rule decides a submission without a person: when its expression holds. Package rules compiles it.
type Rule struct {
	Name   string
	When   string  // the expression, as it stands in the form file
	Decide Outcome // Approve or Reject
	Reason string  // the code of the reason to reject for
	Shadow bool    // it only says what it would decide
	Hash   string  // of what the rule says: the same text is the same hash

	Facts    []string // what it looks at beside the answers and the day, such as "history.approved"
	Evaluate func(context.Context, *Values, Facts) (Outcome, error)
}

// Outcome is what a rule says of a submission.
type Outcome = ticket.Outcome

// The outcomes. Nothing: the rule does not hold, or compares an answer that is not there. Failed: it could not be evaluated.
const (
	Approve = ticket.OutcomeApprove
	Reject  = ticket.OutcomeReject
	Nothing = ticket.OutcomeNothing
	Failed  = ticket.OutcomeFailed
)

// Refused is what an example expects whose answers break a check, so that no rule sees them.
const Refused Outcome = "refused"

// Verdict is what one rule says of one submission.
type Verdict struct {
	Rule    *Rule
	Outcome Outcome
	Err     error // why it Failed; names no answers beyond what the form file says
}

// Facts are what rules look at.
type Facts struct {
	Answers Answers
	Now     time.Time
	History History

	Windows map[string]float64 // what rules count or add up of earlier tickets, by the name of the fact; nothing for 0

	SamePerson int // how many other users have a ticket with an identity of this one

	Signals map[string]Signals // of each picture, by the name of its field

	Readings map[string]evidence.Reading // of each picture, by the name of its field
}

// History is how many other tickets of the user there are in each status.
type History struct{ Processing, Approved, Rejected, Withdrawn, Revoked int }

// NewHistory is the history that the counts of the user's other tickets are.
func NewHistory(others ticket.StatusCounts) History {
	return History{others[ticket.Processing], others[ticket.Approved], others[ticket.Rejected], others[ticket.Withdrawn], others[ticket.Revoked]}
}

// Signals are what was measured of a picture.
type Signals struct {
	Width, Height           int
	Blur, Brightness, Glare float64
	Grey                    bool
}

// Evaluate is what every rule says, in the order of the form.
func (f *Form) Evaluate(ctx context.Context, facts Facts) []Verdict {
	if len(f.Rules) == 0 {
		return nil
	}
	v := f.ValuesOf(facts.Answers, facts.Now)
	verdicts := make([]Verdict, len(f.Rules))
	for i, rule := range f.Rules {
		outcome, err := rule.Evaluate(ctx, v, facts)
		verdicts[i] = Verdict{rule, outcome, err}
	}
	return verdicts
}

// DecidingVerdict is the verdict that counts: of the first rule that is no shadow and decides. False when none does.
func DecidingVerdict(verdicts []Verdict) (Verdict, bool) {
	for _, v := range verdicts {
		if !v.Rule.Shadow && (v.Outcome == Approve || v.Outcome == Reject) {
			return v, true
		}
	}
	return Verdict{}, false
}

// Decide is the decision of the verdict that counts, in the words of the form's language; the zero Decision when none does.
func (f *Form) Decide(verdicts []Verdict) ticket.Decision {
	v, decides := DecidingVerdict(verdicts)
	if !decides {
		return ticket.Decision{}
	}
	d, err := ticket.Approve(ticket.Rule(v.Rule.Name), ""), error(nil)
	if v.Outcome == Reject {
		d, err = f.Reject(Rejection{Reasons: []string{v.Rule.Reason}}, ticket.Rule(v.Rule.Name), "")
	}
	if err != nil { // the form would not have been read
		return ticket.Decision{}
	}
	d.Hash = v.Rule.Hash
	return d
}

// Record is the verdict as it is kept with the ticket.
func (v Verdict) Record() ticket.Verdict {
	record := ticket.Verdict{Rule: v.Rule.Name, Hash: v.Rule.Hash, Shadow: v.Rule.Shadow, Outcome: v.Outcome}
	if v.Outcome == Reject {
		record.Reason = v.Rule.Reason
	}
	return record
}

// The facts that a rule may look at beside the answers and the day.
const (
	HistoryFacts   = "history."    // the user's other tickets
	SignalFacts    = "signals."    // what was measured of a picture
	DuplicateFacts = "duplicates." // tickets of other users
	ReadFacts      = "read."       // what was read of a picture
	MatchFacts     = "match."      // how an answer and what was read compare
	FaceFacts      = "faces."      // how many faces a picture has
)

// NeedsFacts reports whether some rule looks at facts of a kind, such as HistoryFacts.
func (f *Form) NeedsFacts(prefix string) bool {
	return slices.ContainsFunc(f.Rules, func(r *Rule) bool {
		return slices.ContainsFunc(r.Facts, func(name string) bool { return strings.HasPrefix(name, prefix) })
	})
}

// NeedsReadings reports whether some rule looks at what was read of pictures.
func (f *Form) NeedsReadings() bool {
	return slices.ContainsFunc([]string{ReadFacts, MatchFacts, FaceFacts}, f.NeedsFacts)
}

// Example is a submission that stands in the form file to show what the rules decide about it.
type Example struct {
	Name   string
	Line   int // of the form file
	Facts  Facts
	Expect Outcome // Approve, Reject, Nothing or Refused
	Reason string  // expected, when it is rejected; empty: any

	Steps []string // expected, of a ticket that waits; nil: any
}
