package rules

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	pattern "regexp/syntax"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/interpreter"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/ticket"
)

// Why a rule failed.
var (
	ErrCost    = errors.New("the rule costs too much")
	ErrPattern = errors.New("an answer is not a regular expression")
)

// activation gives an expression what it names: answers, the day and, for a rule, the facts.
type activation struct {
	form    *form.Form
	values  *form.Values
	facts   *form.Facts // nil: it sees none
	missing bool        // whether anything that is not there was looked at

	compared map[string]evidence.Match // how answers compare with what was read, by field; nil: that was not asked yet
}

// ResolveName implements interpreter.Activation.
func (a *activation) ResolveName(name string) (any, bool) {
	value, known := a.values.Value(strings.TrimPrefix(name, answersPrefix))
	if !known {
		value, known = a.values.Part(strings.TrimPrefix(name, answersPrefix))
	}
	switch {
	case known:
	case name == "today":
		if day := a.values.Today(); !day.IsZero() {
			return types.Timestamp{Time: day}, true
		}
		return types.NullValue, true
	case a.facts == nil:
		return nil, false
	default:
		if value, known = factNamed(a.facts, name); !known {
			value, known = a.readFact(name)
		}
		if !known {
			return nil, false
		}
	}
	a.missing = a.missing || value == nil || lacksAnswer(value)
	return celValue(value), true
}

// Parent implements interpreter.Activation.
func (a *activation) Parent() interpreter.Activation { return nil }

// evaluator evaluates a rule. A rule that fails decides nothing.
func evaluator(f *form.Form, decide form.Outcome, program cel.Program) func(context.Context, *form.Values, form.Facts) (form.Outcome, error) {
	return func(ctx context.Context, values *form.Values, facts form.Facts) (form.Outcome, error) {
		a := &activation{form: f, values: values, facts: &facts}
		value, _, err := program.ContextEval(ctx, a)
		_, canceled := errors.AsType[interpreter.EvalCancelledError](err)
		switch {
		case canceled && ctx.Err() == nil:
			return form.Failed, ErrCost
		case err != nil && (canceled || !a.missing && !errors.Is(err, errNoAnswer)):
			return form.Failed, withoutAnswers(err)
		case err == nil && value == types.True:
			return decide, nil
		}
		return form.Nothing, nil
	}
}

// withoutAnswers is why a rule failed, without any answer: a regular expression may be one.
func withoutAnswers(err error) error {
	if _, ok := errors.AsType[*pattern.Error](err); ok {
		return ErrPattern
	}
	return err
}

// factVariables are what rules name beside the fields and today.
func factVariables(f *form.Form) (facts []variable) {
	add := func(name string, kind *cel.Type) { facts = append(facts, variable{name, kind}) }
	add("duplicates.identity", cel.IntType)
	for _, status := range []string{"processing", "approved", "rejected", "withdrawn", "revoked"} {
		add("history."+status, cel.IntType)
	}
	for field := range f.Fields() {
		if field.Type.Picture() {
			prefix := "signals." + field.Name + "."
			add(prefix+"width", cel.NullableType(cel.IntType))
			add(prefix+"height", cel.NullableType(cel.IntType))
			add(prefix+"blur", cel.NullableType(cel.DoubleType))
			add(prefix+"brightness", cel.NullableType(cel.DoubleType))
			add(prefix+"glare", cel.NullableType(cel.DoubleType))
			add(prefix+"grey", cel.NullableType(cel.BoolType))
		}
	}
	addReadFacts(f, add)
	return facts
}

// factNamed is a fact; nil for one of a picture that was not measured. False: there is no such fact.
func factNamed(facts *form.Facts, name string) (any, bool) {
	switch name {
	case "duplicates.identity":
		return facts.SamePerson, true
	case "history.processing":
		return facts.History.Processing, true
	case "history.approved":
		return facts.History.Approved, true
	case "history.rejected":
		return facts.History.Rejected, true
	case "history.withdrawn":
		return facts.History.Withdrawn, true
	case "history.revoked":
		return facts.History.Revoked, true
	}
	if strings.HasPrefix(name, form.HistoryCount) {
		return int64(facts.Windows[name]), true
	}
	if strings.HasPrefix(name, form.HistorySum) {
		return facts.Sum(name), true
	}
	rest, ok := strings.CutPrefix(name, "signals.")
	if !ok {
		return nil, false
	}
	field, signal, _ := strings.Cut(rest, ".")
	measured, known := facts.Signals[field]
	if !known {
		return nil, true
	}
	return signalNamed(measured, signal)
}

func signalNamed(s form.Signals, name string) (any, bool) {
	switch name {
	case "width":
		return s.Width, true
	case "height":
		return s.Height, true
	case "blur":
		return s.Blur, true
	case "brightness":
		return s.Brightness, true
	case "glare":
		return s.Glare, true
	case "grey":
		return s.Grey, true
	}
	return nil, false
}

// CheckExample evaluates the checks and the rules for an example. It returns what differs from what is expected; "" when nothing does.
func CheckExample(ctx context.Context, f *form.Form, e *form.Example) string {
	facts := e.Facts
	facts.Answers = f.WithComputed(facts.Answers, facts.Now)
	if e.Steps != nil && e.Expect == form.Nothing {
		if got := stepNames(f.StepsOf(facts.Answers, facts.Now)); !slices.Equal(got, e.Steps) {
			return fmt.Sprintf("expected the steps %s, but they are %s", listOrNone(e.Steps), listOrNone(got))
		}
	}
	check, broken := f.BrokenCheck(facts)
	switch {
	case broken && e.Expect != form.Refused:
		return fmt.Sprintf("expected %s, but the check %q refuses it", e.Expect, check.When.Text)
	case broken:
		return ""
	case e.Expect == form.Refused:
		return "expected refused, but no check is broken"
	}
	verdicts := f.Evaluate(ctx, facts)
	for _, v := range verdicts {
		if v.Outcome == form.Failed {
			return fmt.Sprintf("the rule %s failed: %s", v.Rule.Name, v.Err)
		}
	}
	got, decided := form.DecidingVerdict(verdicts)
	switch {
	case !decided && e.Expect != form.Nothing:
		return fmt.Sprintf("expected %s, but no rule decides", e.Expect)
	case decided && got.Outcome != e.Expect:
		return fmt.Sprintf("expected %s, but the rule %s says %s", e.Expect, got.Rule.Name, got.Outcome)
	case decided && e.Reason != "" && got.Rule.Reason != e.Reason:
		return fmt.Sprintf("expected the reason %s, but the rule %s gives %s", e.Reason, got.Rule.Name, got.Rule.Reason)
	}
	return ""
}

func stepNames(steps []ticket.NewStep) (names []string) {
	for _, step := range steps {
		names = append(names, step.Name)
	}
	return names
}

func listOrNone(names []string) string { return cmp.Or(strings.Join(names, ", "), "none") }
