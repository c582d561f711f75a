package rules_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"docket/internal/form"
	"docket/internal/form/formfile"
	"docket/internal/form/rules"
)

const head = "name: x\ntitle: X\n"

// noon is the time at which the tests answer: a Wednesday, far from any midnight.
var noon = time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)

// photo is the id of a file.
const photo = "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10"

func parse(t *testing.T, src string) *form.Form {
	t.Helper()
	f, err := formfile.Parse([]byte(src))
	if err != nil {
		t.Fatalf("parse: %v\n%s", err, src)
	}
	return f
}

const identity = head + `time_zone: Asia/Ho_Chi_Minh
fields:
  - {name: born, label: Born, type: date}
  - {name: expires, label: Expires, type: date}
  - {name: amount, label: Amount, type: number}
  - {name: text, label: Text, max_length: 9}
  - {name: photo, label: Photo, type: image}
reasons:
  - {code: underage, label: Too young, class: final, text: Too young.}
  - {code: expired, label: Expired, class: retry, text: Expired.}
rules:
  - {name: too-young, when: age(born) < 18, decide: reject, reason: underage}
  - {name: expired, when: expires < today + days(30), decide: reject, reason: expired}
  - {name: by-zero, when: 10 / (history.withdrawn - 3) > 100, decide: approve}
  - {name: known, when: history.approved > 1 && amount <= 50, decide: approve}
  - {name: sharp, when: signals.photo.blur > 100 && photo, decide: approve, shadow: true}
  - {name: pattern, when: "text.matches('^(a|b|c|d|e|f)*x$')", decide: approve, shadow: true}
  - {name: same-person, when: duplicates.identity > 1, decide: approve, shadow: true}
`

// judged is what each rule says: its name and outcome where that is not nothing, and the rule that decides.
func judged(t *testing.T, facts form.Facts, answers string) string {
	t.Helper()
	given, _ := url.ParseQuery(answers)
	f := parse(t, identity)
	for name := range given {
		field, _ := f.Field(name)
		facts.Answers = append(facts.Answers, form.Answer{Name: name, Texts: given[name], Type: field.Type})
	}
	if facts.Now.IsZero() {
		facts.Now = noon
	}
	verdicts := f.Evaluate(t.Context(), facts)
	var said []string
	for _, v := range verdicts {
		if v.Outcome != form.Nothing {
			said = append(said, v.Rule.Name+" "+string(v.Outcome))
		}
	}
	if v, ok := form.DecidingVerdict(verdicts); ok {
		said = append(said, "→ "+v.Rule.Name)
	}
	return strings.Join(said, ", ")
}

func TestEvaluate(t *testing.T) {
	t.Parallel()
	saigon := time.FixedZone("", 7*3600)
	at := func(day string, hour int) time.Time {
		d, _ := time.ParseInLocation(time.DateOnly, day, saigon)
		return d.Add(time.Duration(hour) * time.Hour)
	}
	for name, test := range map[string]struct {
		facts   form.Facts
		answers string
		want    string
	}{
		"nothing answered":           {form.Facts{}, "", ""},
		"a child":                    {form.Facts{}, "born=2010-01-01", "too-young reject, → too-young"},
		"the day before":             {form.Facts{Now: at("2026-03-03", 23)}, "born=2008-03-04", "too-young reject, → too-young"},
		"the day in the form's own":  {form.Facts{Now: at("2026-03-04", 0).UTC()}, "born=2008-03-04", ""},
		"29 February, the 28th":      {form.Facts{Now: at("2026-02-28", 23)}, "born=2008-02-29", "too-young reject, → too-young"},
		"29 February, on 1 March":    {form.Facts{Now: at("2026-03-01", 0)}, "born=2008-02-29", ""},
		"29 February in a leap year": {form.Facts{Now: at("2028-02-29", 0)}, "born=2010-02-28", ""},
		"expiring on the 29th day":   {form.Facts{}, "expires=2026-04-02", "expired reject, → expired"},
		"expiring on the 30th day":   {form.Facts{}, "expires=2026-04-03", ""},
		"the first decides":          {form.Facts{History: form.History{Approved: 2}}, "born=2010-01-01&amount=1", "too-young reject, known approve, → too-young"},
		"one that divides by zero":   {form.Facts{History: form.History{Withdrawn: 3, Approved: 2}}, "amount=50", "by-zero failed, known approve, → known"},
		"an answer not there":        {form.Facts{History: form.History{Approved: 2}}, "", ""},
		"a shadow decides nothing":   {form.Facts{Signals: map[string]form.Signals{"photo": {Blur: 101}}}, "photo=" + photo, "sharp approve"},
		"the same person":            {form.Facts{SamePerson: 2}, "", "same-person approve"},
		"a cost too high":            {form.Facts{}, "text=" + strings.Repeat("a", 200_000), "pattern failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := judged(t, test.facts, test.answers); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestEvaluate_Failures(t *testing.T) {
	t.Parallel()
	f := parse(t, identity)
	long := form.Answers{{Name: "text", Texts: []string{strings.Repeat("a", 200_000)}, Type: form.Text}}
	if v := f.Evaluate(t.Context(), form.Facts{Answers: long, Now: noon})[5]; !errors.Is(v.Err, rules.ErrCost) {
		t.Errorf("got %v, want ErrCost", v.Err)
	}
	if v := f.Evaluate(t.Context(), form.Facts{Now: noon, History: form.History{Withdrawn: 3}})[2]; v.Err == nil || !strings.Contains(v.Err.Error(), "division by zero") {
		t.Errorf("got %v, want a division by zero", v.Err)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	f, err := formfile.Parse([]byte(identity))
	if err != nil {
		b.Fatal(err)
	}
	facts := form.Facts{Now: noon, Answers: form.Answers{{Name: "born", Texts: []string{"1990-01-31"}, Type: form.Date}, {Name: "expires", Texts: []string{"2031-05-06"}, Type: form.Date}}}
	for b.Loop() {
		f.Evaluate(context.Background(), facts)
	}
}

func TestEvaluate_CheckDigits(t *testing.T) {
	t.Parallel()
	f := parse(t, head+`fields:
  - {name: card, label: Card}
  - {name: account, label: Account}
reasons:
  - {code: c, label: C, class: retry, text: No.}
rules:
  - {name: card, when: "!luhn(card)", decide: reject, reason: c}
  - {name: account, when: "!iban(account) && !mod97(account) && !mod11(account)", decide: reject, reason: c}
checks:
  - {when: "card == 'x'", fields: [card], text: No.}
`)
	for _, test := range []struct {
		card, account string
		want          [2]form.Outcome
	}{
		{"4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", [2]form.Outcome{form.Nothing, form.Nothing}},
		{"4111 1111 1111 1112", "DE88 3704 0044 0532 0130 00", [2]form.Outcome{form.Reject, form.Reject}},
		{"", "", [2]form.Outcome{form.Nothing, form.Nothing}},
	} {
		var answers form.Answers
		for name, text := range map[string]string{"card": test.card, "account": test.account} {
			if text != "" {
				answers = append(answers, form.Answer{Name: name, Texts: []string{text}, Type: form.Text})
			}
		}
		for i, v := range f.Evaluate(t.Context(), form.Facts{Answers: answers, Now: noon}) {
			if v.Outcome != test.want[i] {
				t.Errorf("%q, %q: the rule %s says %q (%v), want %q", test.card, test.account, v.Rule.Name, v.Outcome, v.Err, test.want[i])
			}
		}
	}
}

func TestCheckExample_Refused(t *testing.T) {
	t.Parallel()
	f := parse(t, head+`fields: [{name: a, label: A}]
checks:
  - {when: "a == 'x'", fields: [a], text: No.}
examples:
  - {name: refused, today: 2026-03-04, answers: {a: x}, expect: refused}
  - {name: not refused, today: 2026-03-04, answers: {a: y}, expect: refused}
  - {name: not expected, today: 2026-03-04, answers: {a: x}, expect: nothing}
`)
	for i, want := range []string{"", "expected refused, but no check is broken", `expected nothing, but the check "a == 'x'" refuses it`} {
		if got := rules.CheckExample(t.Context(), f, f.Examples[i]); got != want {
			t.Errorf("%s: got %q, want %q", f.Examples[i].Name, got, want)
		}
	}
}

// TestCheckExample_ComputedAndSteps has examples compute what nobody answers, and say in which steps they are approved.
func TestCheckExample_ComputedAndSteps(t *testing.T) {
	t.Parallel()
	f := parse(t, head+`fields:
  - {name: price, label: Price, type: number}
  - {name: twice, label: Twice, type: number, computed: price * 2.0}
steps:
  - {name: lead, team: leads}
  - {name: board, team: board, when: twice > 10.0}
checks:
  - {when: twice > 100.0, fields: [price], text: Too much.}
examples:
  - {name: small, today: 2026-03-04, answers: {price: 5}, expect: nothing, steps: [lead]}
  - {name: large, today: 2026-03-04, answers: {price: 6}, expect: nothing, steps: [lead]}
  - {name: none, today: 2026-03-04, answers: {price: 5}, expect: nothing, steps: []}
  - {name: too much, today: 2026-03-04, answers: {price: 51}, expect: refused}
  - {name: said so, today: 2026-03-04, answers: {price: 51, twice: 1}, expect: nothing}
`)
	for i, want := range []string{"", "expected the steps lead, but they are lead, board", "expected the steps none, but they are lead", "", ""} {
		if got := rules.CheckExample(t.Context(), f, f.Examples[i]); got != want {
			t.Errorf("%s: got %q, want %q", f.Examples[i].Name, got, want)
		}
	}
	_, err := formfile.Parse([]byte(head + "fields: [{name: a, label: A}]\nexamples:\n  - {today: 2026-03-04, expect: nothing, steps: [lead]}\n"))
	if err == nil || !strings.Contains(err.Error(), `no step is named "lead"`) {
		t.Errorf("got %v, want that there is no such step", err)
	}
}
