package form

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	pattern "regexp/syntax"
	"slices"
	"strings"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"

	"docket/internal/ticket"
)

// Rule decides a submission without a person: when it holds.
type Rule struct {
	Name   string
	When   *Condition
	Decide Outcome // Approve or Reject
	Reason string  // the code of the reason to reject for
	Shadow bool    // it only says what it would decide
	Hash   string  // of what the rule says: the same text is the same hash
}

// Outcome is what a rule says of a submission.
type Outcome = ticket.Outcome

// The outcomes. Nothing: the rule does not hold, or compares an answer that is not there. Failed: it could not be tried.
const (
	Approve = ticket.OutcomeApprove
	Reject  = ticket.OutcomeReject
	Nothing = ticket.OutcomeNothing
	Failed  = ticket.OutcomeFailed
)

// Verdict is what one rule says of one submission.
type Verdict struct {
	Rule    Rule
	Outcome Outcome
	Err     error // why it Failed; names no answers beyond what the form file says
}

// Facts are what rules look at.
type Facts struct {
	Answers Answers
	Now     time.Time
	History History
	Signals map[string]Signals // of each picture, by the name of its field
}

// History is how many other tickets of the user there are in each status.
type History struct{ Processing, Approved, Rejected, Withdrawn int }

// Past is the history that a tally of the user's other tickets tells.
func Past(t ticket.StatusCounts) History {
	return History{t[ticket.Processing], t[ticket.Approved], t[ticket.Rejected], t[ticket.Withdrawn]}
}

// Signals are what was measured of a picture.
type Signals struct {
	Width, Height           int
	Blur, Brightness, Glare float64
	Grey                    bool
}

// Why a rule failed.
var (
	ErrCost    = errors.New("the rule costs too much")
	ErrPattern = errors.New("an answer is no pattern")
)

// Judge asks every rule, in the order of the form.
func (f *Form) Judge(ctx context.Context, facts Facts) []Verdict {
	if len(f.Rules) == 0 {
		return nil
	}
	s := f.sheet(f.today(facts.Now))
	for _, answer := range facts.Answers {
		if i, ok := f.place[answer.Name]; ok {
			s.texts[i] = answer.Text
		}
	}
	s.more = facts.resolve
	verdicts := make([]Verdict, len(f.Rules))
	for i, rule := range f.Rules {
		verdicts[i] = rule.judge(ctx, s)
	}
	return verdicts
}

// Decision is the verdict that counts: of the first rule that is no shadow and decides. False when none does.
func Decision(verdicts []Verdict) (Verdict, bool) {
	for _, v := range verdicts {
		if !v.Rule.Shadow && (v.Outcome == Approve || v.Outcome == Reject) {
			return v, true
		}
	}
	return Verdict{}, false
}

// AsksHistory reports whether some rule looks at the user's other tickets.
func (f *Form) AsksHistory() bool { return f.asks("history.") }

// AsksSignals reports whether some rule looks at what was measured of a picture.
func (f *Form) AsksSignals() bool { return f.asks("signals.") }

func (f *Form) asks(prefix string) bool {
	return slices.ContainsFunc(f.Rules, func(r Rule) bool {
		return slices.ContainsFunc(r.When.beside, func(name string) bool { return strings.HasPrefix(name, prefix) })
	})
}

// Decide is the decision of the verdict that counts, in the words of the form's language; the zero Decision when none does.
func (f *Form) Decide(verdicts []Verdict) ticket.Decision {
	v, decides := Decision(verdicts)
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

// Kept is the verdict as it is kept with the ticket.
func (v Verdict) Kept() ticket.Verdict {
	kept := ticket.Verdict{Rule: v.Rule.Name, Hash: v.Rule.Hash, Shadow: v.Rule.Shadow, Outcome: v.Outcome}
	if v.Outcome == Reject {
		kept.Reason = v.Rule.Reason
	}
	return kept
}

// judge asks one rule. A rule that fails decides nothing.
func (r Rule) judge(ctx context.Context, s *sheet) Verdict {
	s.absent = false
	value, _, err := r.When.program.ContextEval(ctx, s)
	_, cancelled := errors.AsType[interpreter.EvalCancelledError](err)
	switch {
	case cancelled && ctx.Err() == nil:
		return Verdict{r, Failed, ErrCost}
	case err != nil && (cancelled || !s.absent):
		return Verdict{r, Failed, harmless(err)}
	case err == nil && value == types.True:
		return Verdict{r, r.Decide, nil}
	}
	return Verdict{r, Nothing, nil}
}

// harmless is why a rule failed, without any answer: a pattern may be one.
func harmless(err error) error {
	if _, ok := errors.AsType[*pattern.Error](err); ok {
		return ErrPattern
	}
	return err
}

// resolve is what a rule sees beside the answers.
func (f Facts) resolve(name string) (any, bool) {
	switch name {
	case "history.processing":
		return types.Int(f.History.Processing), true
	case "history.approved":
		return types.Int(f.History.Approved), true
	case "history.rejected":
		return types.Int(f.History.Rejected), true
	case "history.withdrawn":
		return types.Int(f.History.Withdrawn), true
	}
	rest, ok := strings.CutPrefix(name, "signals.")
	field, signal, _ := strings.Cut(rest, ".")
	measured, known := f.Signals[field]
	switch {
	case !ok:
		return nil, false
	case !known:
		return types.NullValue, true
	}
	return measured.value(signal)
}

func (s Signals) value(signal string) (any, bool) {
	switch signal {
	case "width":
		return types.Int(s.Width), true
	case "height":
		return types.Int(s.Height), true
	case "blur":
		return types.Double(s.Blur), true
	case "brightness":
		return types.Double(s.Brightness), true
	case "glare":
		return types.Double(s.Glare), true
	case "grey":
		return types.Bool(s.Grey), true
	}
	return nil, false
}

// hash is a short name for what a rule says.
func (r Rule) hash() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{r.When.Text, string(r.Decide), r.Reason}, "\x00")))
	return hex.EncodeToString(sum[:])[:12]
}
