package form_test

import (
	"fmt"
	"testing"

	"docket/internal/form"
)

func TestTypedProblems(t *testing.T) {
	t.Parallel()
	f := parse(t, head+`fields:
  - {name: start, label: Start, type: date}
  - {name: until, label: Until, type: date}
  - {name: phone, label: Phone, type: tel}
  - {name: email, label: E-mail, type: email}
  - name: items
    label: Items
    type: group
    fields: [{name: low, label: Low, type: number}, {name: high, label: High, type: number}]
checks:
  - {when: until < start, fields: [until], text: It ends before it begins}
  - {when: phone == '' && email == '', fields: [phone, email], text: Enter one}
  - {when: "items.exists(i, i.low > i.high)", fields: [items.high], text: Too low}
`)
	for _, test := range []struct {
		given form.Input
		want  string
	}{
		{form.Input{}, "map[]"},
		{form.Input{"start": {"2026-03-04"}}, "map[]"},
		{form.Input{"start": {"2026-03-04"}, "until": {"2026-03-03"}}, "map[until:It ends before it begins]"},
		{form.Input{"start": {"2026-03-04"}, "until": {"2026-03-05"}}, "map[until:]"},
		{form.Input{"start": {"2026-03-04"}, "until": {"soon"}}, "map[until:Must be a date that exists, written year-month-day, such as 1990-01-31]"},
		{form.Input{"phone": {"x"}}, "map[phone:Must be a telephone number of 6 to 15 digits, such as +49 30 1234567]"},
		{form.Input{"items": {"0", "2"}, "items.0.low": {"1"}, "items.0.high": {"2"}, "items.2.low": {"3"}, "items.2.high": {"2"}}, "map[items.0.high: items.2.high:Too low]"},
	} {
		if got := fmt.Sprint(f.TypedProblems(test.given, noon)); got != test.want {
			t.Errorf("%v: got %s, want %s", test.given, got, test.want)
		}
	}
	for name, want := range map[string]bool{"start": true, "until": true, "items.0.low": true} {
		if f.Decides(name) != want {
			t.Errorf("%s is sent as soon as it changes: got %t", name, !want)
		}
	}
}
