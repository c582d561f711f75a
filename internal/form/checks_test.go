package form_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"docket/internal/form"
)

// leave is a form with checks between its answers.
const leave = head + `fields:
  - {name: start, label: Start, type: date}
  - {name: until, label: Until, type: date}
  - {name: abroad, label: Abroad, type: checkbox}
  - {name: place, label: Place, when: abroad}
  - {name: phone, label: Telephone, type: tel}
  - {name: mail, label: Mail, type: email}
  - {name: card, label: Card}
checks:
  - {when: until < start, fields: [until], text: Ends before it begins.}
  - {when: abroad && phone == '' && mail == '', fields: [phone, mail], text: Enter one of the two.}
  - {when: "place == 'x' || start > today + days(100)", fields: [place], text: Not there.}
  - {when: "!luhn(card)", fields: [card], text: A digit is wrong.}
`

func TestCheck_BetweenAnswers(t *testing.T) {
	t.Parallel()
	f := parse(t, leave)
	for name, test := range map[string]struct{ given, want string }{
		"nothing":                       {"", ""},
		"right":                         {"start=2026-03-04&until=2026-03-04", ""},
		"the end before the start":      {"start=2026-03-04&until=2026-03-03", "until: check_failed"},
		"one of the two not there":      {"until=2026-03-03", ""},
		"one of the two wrong itself":   {"start=2026-02-31&until=2026-03-03", "start: not_a_date"},
		"neither of two":                {"abroad=on", "mail: check_failed, phone: check_failed"},
		"one of two":                    {"abroad=on&mail=a@example.com", ""},
		"one of two, wrong itself":      {"abroad=on&mail=a", "mail: bad_email"},
		"a field that is asked":         {"abroad=on&mail=a@example.com&place=x", "place: check_failed"},
		"a field that is not asked":     {"place=x", ""},
		"all fields of it not asked":    {"start=2027-03-04", ""},
		"of an empty text says nothing": {"card=", ""},
		"a wrong digit":                 {"card=4111+1111+1111+1112", "card: check_failed"},
		"a right digit":                 {"card=4111-1111-1111-1111", ""},
		"several at once":               {"card=1&start=2026-03-04&until=2026-03-03", "card: check_failed, until: check_failed"},
	} {
		given, _ := url.ParseQuery(test.given)
		_, err := f.Check(form.Input(given), noon)
		got := ""
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid answers: ")
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestCheckJSON_BetweenAnswers(t *testing.T) {
	t.Parallel()
	_, err := checkJSON(parse(t, leave), json.RawMessage(`{"start":"2026-03-04","until":"2026-03-03"}`))
	wrong, _ := err.(form.Invalid)
	if got := wrong["until"]; got.Code != "check_failed" || got.Message != "Ends before it begins." {
		t.Errorf("got %v, want the text of the check at until", err)
	}
}

// TestChecks_RowsThatBreakThem marks the rows that break a check by themselves, or all when none does.
func TestChecks_RowsThatBreakThem(t *testing.T) {
	t.Parallel()
	const asked = head + `fields:
  - {name: limit, label: Limit, type: number}
  - {name: items, label: Items, type: group, many: 3, fields: [{name: price, label: Price, type: number}, {name: paid, label: Paid, type: number}]}
checks:
  - {when: WHEN, fields: [items.price], text: Check the price.}
`
	rows := form.Input{"items": {"0", "1", "2"}, "items.0.price": {"50"}, "items.1.price": {"200"}, "items.2.price": {"70"}, "items.2.paid": {"60"}, "limit": {"300"}}
	for when, want := range map[string]string{
		"items.exists(i, i.price > 100)":    "items.1.price check_failed",
		"!items.all(i, i.price < 70)":       "items.1.price check_failed, items.2.price check_failed",
		"items.exists(i, i.paid < i.price)": "items.2.price check_failed",
		"sum(items.price) > limit":          "items.0.price check_failed, items.1.price check_failed, items.2.price check_failed",
		"sum(items.price) > 150":            "items.1.price check_failed",
		"limit >= 300 && size(items) == 3":  "items.0.price check_failed, items.1.price check_failed, items.2.price check_failed",
		"limit >= 300":                      "items.0.price check_failed, items.1.price check_failed, items.2.price check_failed",
		"items.exists(i, i.price > 1000)":   "",
	} {
		_, err := parse(t, strings.Replace(asked, "WHEN", `"`+when+`"`, 1)).Check(rows, noon)
		if got := problemsOf(t, err); got != want {
			t.Errorf("%s: got %q, want %q", when, got, want)
		}
	}
}
