package form

import (
	"context"
	"fmt"
	"time"

	"go.yaml.in/yaml/v4"

	"docket/internal/i18n"
)

// Example is a submission that stands in the form file to show what the rules make of it.
type Example struct {
	Name   string
	Line   int // of the form file
	Facts  Facts
	Expect Outcome // Approve, Reject or Nothing
	Reason string  // expected, when it is rejected; empty: any
}

// Try asks the rules about an example. It returns what differs from what is expected; "" when nothing does.
func (f *Form) Try(ctx context.Context, e *Example) string {
	verdicts := f.Judge(ctx, e.Facts)
	for _, v := range verdicts {
		if v.Outcome == Failed {
			return fmt.Sprintf("the rule %s failed: %s", v.Rule.Name, v.Err)
		}
	}
	got, decided := Decision(verdicts)
	switch {
	case !decided && e.Expect != Nothing:
		return fmt.Sprintf("expected %s, but no rule decides", e.Expect)
	case decided && got.Outcome != e.Expect:
		return fmt.Sprintf("expected %s, but the rule %s says %s", e.Expect, got.Rule.Name, got.Outcome)
	case decided && e.Reason != "" && got.Rule.Reason != e.Reason:
		return fmt.Sprintf("expected the reason %s, but the rule %s gives %s", e.Reason, got.Rule.Name, got.Rule.Reason)
	}
	return ""
}

// examples reads the list of examples.
func (r *reader) examples(e entries) []*Example {
	var examples []*Example
	for i, n := range r.list(e, "examples") {
		x, ok := r.entries(n, "an example", "name", "today", "answers", "history", "expect", "reason")
		if !ok {
			continue
		}
		example := &Example{
			Name: r.text(x, "name"), Line: n.Line, Reason: r.text(x, "reason"), Facts: Facts{History: r.history(x)},
			Expect: Outcome(r.word(x, "expect", string(Nothing), string(Approve), string(Reject), string(Nothing))),
		}
		if example.Name == "" {
			example.Name = fmt.Sprintf("example %d", i+1)
		}
		if _, said := x.of["expect"]; !said {
			r.say(n, `an example needs "expect": approve, reject or nothing`)
		}
		examples = append(examples, example)
		r.later = append(r.later, func(whole *Form) { r.given(whole, x, example) })
	}
	return examples
}

// given reads the day and the answers of an example, which are checked as those of a ticket.
func (r *reader) given(whole *Form, x entries, example *Example) {
	day, ok := isoDate(r.need(x, "today"))
	if at, said := x.of["today"]; said && !ok {
		r.say(at.value, `"today" must be a date such as 2026-03-04`)
	}
	example.Facts.Now = time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, whole.Zone)
	if reason, said := x.of["reason"]; said {
		if _, known := whole.Reason(example.Reason); !known {
			r.say(reason.value, "no reason has the code %q%s", example.Reason, suggest(example.Reason, whole.codes()))
		}
	}
	at, ok := x.of["answers"]
	if !ok || !r.is(at.value, yaml.MappingNode, `"answers"`) {
		return
	}
	for i := 0; i+1 < len(at.value.Content); i += 2 {
		name, value := at.value.Content[i], at.value.Content[i+1]
		if !r.exists(name) || !r.is(value, yaml.ScalarNode, "an answer") {
			continue
		}
		field, _ := whole.Field(name.Value)
		text, problem := field.answer([]string{value.Value}, day)
		if problem.Code != "" {
			r.say(value, "this is no answer to %q: %s", name.Value, problem.in(i18n.Of(i18n.Source)).Message)
		}
		example.Facts.Answers = append(example.Facts.Answers, Answer{name.Value, text, field.Type})
	}
}

// history reads how many earlier tickets an example has.
func (r *reader) history(x entries) History {
	at, ok := x.of["history"]
	if !ok {
		return History{}
	}
	h, _ := r.entries(at.value, `"history"`, "processing", "approved", "rejected", "withdrawn")
	return History{
		r.whole(h, "processing", 0, 1_000_000, 0), r.whole(h, "approved", 0, 1_000_000, 0),
		r.whole(h, "rejected", 0, 1_000_000, 0), r.whole(h, "withdrawn", 0, 1_000_000, 0),
	}
}
