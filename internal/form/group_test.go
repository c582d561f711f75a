package form_test

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/form/formfile"
)

// owners is a form with a group, whose rows depend on each other, on themselves and on the form around them.
const owners = head + `fields:
  - {name: company, label: Company, required: true}
  - {name: listed, label: Listed, type: checkbox}
  - name: owners
    label: Owners
    type: group
    many: 4
    min: 1
    row_label: Owner
    unique: [passport]
    fields:
      - {name: full_name, label: Full name, required: true}
      - {name: share, label: Share, type: number}
      - {name: country, label: Country, type: country}
      - {name: tax_number, label: Tax number, required: true, when: country == 'USA'}
      - {name: passport, label: Passport}
      - {name: role, label: Role, when: "listed", type: choice, options: [{value: ceo, label: Chief executive}, {value: cfo, label: Treasurer}]}
  - {name: reason, label: Reason, when: "owners.exists(o, o.share > 25)", when_help: When somebody has more than a quarter.}
`

// problemsOf are the fields that are wrong, with their codes.
func problemsOf(t *testing.T, err error) string {
	t.Helper()
	wrong, is := errors.AsType[form.Invalid](err)
	if err != nil && !is {
		t.Fatalf("got %T %v, want Invalid", err, err)
	}
	var found []string
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		found = append(found, name+" "+wrong[name].Code)
	}
	return strings.Join(found, ", ")
}

func TestGroup_Page(t *testing.T) {
	t.Parallel()
	f := parse(t, owners)
	for name, test := range map[string]struct {
		given form.Input
		extra string
		wrong string
	}{
		"two rows": {
			form.Input{"company": {"C"}, "owners": {"0", "1"}, "owners.0.full_name": {"A"}, "owners.0.share": {"10.0"}, "owners.1.full_name": {"B"}},
			"", "owners.0.share too_many_decimals",
		},
		"gaps are closed": {
			form.Input{"company": {"C"}, "owners": {"0", "2"}, "owners.0.full_name": {"A"}, "owners.2.full_name": {" B "}, "owners.2.share": {"026"}},
			`{"company":"C","listed":false,"owners":[{"full_name":"A"},{"full_name":"B","share":26}]}`, "",
		},
		"an empty row is none, and a row that no list names is one": {
			form.Input{"company": {"C"}, "owners": {"0", "1"}, "owners.0.full_name": {" "}, "owners.3.full_name": {"A"}},
			`{"company":"C","listed":false,"owners":[{"full_name":"A"}]}`, "",
		},
		"in the order of the list": {
			form.Input{"company": {"C"}, "owners": {"2", "0"}, "owners.0.full_name": {"A"}, "owners.2.full_name": {"B"}},
			`{"company":"C","listed":false,"owners":[{"full_name":"B"},{"full_name":"A"}]}`, "",
		},
		"no such row": {
			form.Input{"company": {"C"}, "owners": {"999999", "-1", "00", "x", "4"}, "owners.999999.full_name": {"A"}, "owners.4.full_name": {"A"}, "owners.00.full_name": {"A"}},
			"", "owners required",
		},
		"missing in a row": {
			form.Input{"company": {"C"}, "owners.1.share": {"5"}},
			"", "owners.1.full_name required",
		},
		"a condition that sees its row": {
			form.Input{"company": {"C"}, "owners.0.full_name": {"A"}, "owners.0.country": {"USA"}, "owners.1.full_name": {"B"}, "owners.1.country": {"VNM"}, "owners.1.tax_number": {"7"}},
			"", "owners.0.tax_number required",
		},
		"a condition that sees the form": {
			form.Input{"company": {"C"}, "owners.0.full_name": {"A"}, "owners.0.role": {"ceo"}},
			`{"company":"C","listed":false,"owners":[{"full_name":"A"}]}`, "",
		},
		"a condition that sees the form, which holds": {
			form.Input{"company": {"C"}, "listed": {"on"}, "owners.0.full_name": {"A"}, "owners.0.role": {"ceo"}},
			`{"company":"C","listed":true,"owners":[{"full_name":"A","role":"ceo"}]}`, "",
		},
		"the same in two rows": {
			form.Input{"company": {"C"}, "owners.0.full_name": {"A"}, "owners.0.passport": {"P1"}, "owners.2.full_name": {"B"}, "owners.2.passport": {" P1"}},
			"", "owners.2.passport given_twice",
		},
		"a condition that sees the rows": {
			form.Input{"company": {"C"}, "owners.0.full_name": {"A"}, "owners.1.full_name": {"B"}, "owners.1.share": {"30"}, "reason": {"R"}},
			`{"company":"C","listed":false,"owners":[{"full_name":"A"},{"full_name":"B","share":30}],"reason":"R"}`, "",
		},
		"a condition that does not hold of any row": {
			form.Input{"company": {"C"}, "owners.0.full_name": {"A"}, "owners.0.share": {"25"}, "reason": {"R"}},
			`{"company":"C","listed":false,"owners":[{"full_name":"A","share":25}]}`, "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers, err := f.Check(test.given, noon)
			if got := problemsOf(t, err); got != test.wrong {
				t.Fatalf("got problems %q, want %q", got, test.wrong)
			}
			if test.wrong != "" {
				return
			}
			if got := string(answers.JSON()); got != test.extra {
				t.Fatalf("got %s, want %s", got, test.extra)
			}
			again, err := f.Check(f.InputFromAnswers(answers.JSON()), noon)
			if err != nil || string(again.JSON()) != test.extra {
				t.Errorf("got %s, %v from what fills the form in, want %s", again.JSON(), err, test.extra)
			}
			again, err = checkJSON(f, answers.JSON())
			if err != nil || string(again.JSON()) != test.extra {
				t.Errorf("got %s, %v from its JSON, want %s", again.JSON(), err, test.extra)
			}
			if stored := f.Answers(answers.JSON()); string(stored.JSON()) != test.extra {
				t.Errorf("got %s as stored, want %s", stored.JSON(), test.extra)
			}
		})
	}
}

func TestGroup_JSON(t *testing.T) {
	t.Parallel()
	f := parse(t, owners)
	for extra, wrong := range map[string]string{
		`{"company": "C", "owners": [{"full_name": "A"}, {"full_name": "B", "country": "USA", "tax_number": "7"}]}`: "",
		`{"company": "C", "owners": {"full_name": "A"}}`:                                                            "owners wrong_type",
		`{"company": "C", "owners": ["A"]}`:                                                                         "owners.0 wrong_type",
		`{"company": "C", "owners": [{"full_name": "A"}, {}]}`:                                                      "owners.1 required",
		`{"company": "C", "owners": [{"full_name": "A"}, null]}`:                                                    "owners.1 wrong_type",
		`{"company": "C", "owners": []}`:                                                                            "owners required",
		`{"company": "C", "owners": [{"full_name": "A"}, {"name": "B"}]}`:                                           "owners.1.name unknown_field",
		`{"company": "C", "owners": [{"full_name": "A", "share": "1"}]}`:                                            "owners.0.share wrong_type",
		`{"company": "C", "owners": [{"full_name": "A", "tax_number": "7"}]}`:                                       "owners.0.tax_number not_applicable",
		`{"company": "C", "owners": [{"full_name": "A", "role": "ceo"}]}`:                                           "owners.0.role not_applicable",
		`{"company": "C", "owners": [{"share": 1}, {"full_name": "A"}]}`:                                            "owners.0.full_name required",
		`{"company": "C", "owners.0.full_name": "A"}`:                                                               "owners.0.full_name unknown_field",
		`{"company": "C", "owners": [` + strings.Repeat(`{"full_name": "A"},`, 4) + `{"full_name": "A"}]}`:          "owners too_many",
	} {
		if _, err := checkJSON(f, json.RawMessage(extra)); problemsOf(t, err) != wrong {
			t.Errorf("%s: got %q, want %q", extra, problemsOf(t, err), wrong)
		}
	}
}

// FuzzGroup gives names of rows as a page may send them: whatever is taken is the same when it is sent again.
func FuzzGroup(f *testing.F) {
	whole, err := formfile.Parse([]byte(owners))
	if err != nil {
		f.Fatal(err)
	}
	f.Add("0", "owners.0.full_name", "An", "owners.3.share", "5")
	f.Add("999999", "owners.999999.full_name", "An", "owners.-1.full_name", "B")
	f.Add("", "owners.1.", "x", "owners..full_name", "y")
	f.Fuzz(func(t *testing.T, slot, name, text, otherName, otherText string) {
		given := form.Input{"company": {"C"}, "owners": {slot, "1"}, "owners.1.full_name": {"B"}, name: {text}, otherName: {otherText}}
		whole.Applies(given, noon)
		answers, err := whole.Check(given, noon)
		if err != nil {
			problemsOf(t, err)
			return
		}
		again, err := whole.Check(whole.InputFromAnswers(answers.JSON()), noon)
		if err != nil || string(again.JSON()) != string(answers.JSON()) {
			t.Errorf("got %s, %v the second time, want %s", again.JSON(), err, answers.JSON())
		}
	})
}

func TestGroup_AnswersThatAreThere(t *testing.T) {
	t.Parallel()
	const photos = head + `fields:
  - name: owners
    label: Owners
    type: group
    fields:
      - {name: full_name, label: Full name}
      - {name: share, label: Share, type: number}
      - {name: passport, label: Passport, type: image}
      - {name: papers, label: Papers, type: file, many: 2}
  - {name: why, label: Why, required: true, when: "WHEN", when_help: Sometimes.}
`
	const id = "0199c1f0-7b1e-7cc3-9a55-0d0f4e1f6a10"
	for when, answers := range map[string][]string{ // with these answers it holds, and with no other
		"owners.exists(o, has(o.passport))":  {"passport"},
		"owners.exists(o, o.passport)":       {"passport"},
		"owners.exists(o, has(o.share))":     {"share"},
		"owners.exists(o, has(o.papers))":    {"papers"},
		"owners.all(o, !has(o.full_name))":   {"share", "passport", "papers"},
		"owners.exists(o, has(o.full_name))": {"full_name"},
	} {
		f := parse(t, strings.Replace(photos, "WHEN", when, 1))
		for name, text := range map[string]string{"full_name": "An", "share": "0", "passport": id, "papers": id} {
			want := ""
			if slices.Contains(answers, name) {
				want = "why required"
			}
			if _, err := f.Check(form.Input{"owners.0." + name: {text}}, noon); problemsOf(t, err) != want {
				t.Errorf("%s with %s: got %q, want %q", when, name, problemsOf(t, err), want)
			}
		}
	}
}
