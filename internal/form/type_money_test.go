package form_test

import (
	"encoding/json"
	"strings"
	"testing"

	"docket/internal/form"
)

const vietnamese = "name: x\nlanguages: [vi]\ntitle: X\nfields:\n  - {name: a, label: A, type: money, currency: [VND, USD], min: 0.50, max: 5000000}\n"

func TestMoney_Typed(t *testing.T) {
	t.Parallel()
	single := parse(t, oneField("type: money\ncurrency: EUR\nmin: 1\nmax: 500.00"))
	several := parse(t, vietnamese)
	for _, test := range []struct {
		f           *form.Form
		given, want string
	}{
		{single, "12,50", `{"a":{"amount":1250,"currency":"EUR"}}`},
		{single, "12.5 EUR", `{"a":{"amount":1250,"currency":"EUR"}}`},
		{single, "EUR 12.50", `{"a":{"amount":1250,"currency":"EUR"}}`},
		{single, "1.250", "invalid answers: a: not_a_number"},
		{single, "1,250", "invalid answers: a: too_large"},
		{single, "0,99", "invalid answers: a: too_small"},
		{single, "1,999.9", "invalid answers: a: too_large"},
		{single, "12 USD", "invalid answers: a: not_a_number"},
		{single, "USD 12.00", "invalid answers: a: not_an_option"},
		{single, "12,555 EUR", "invalid answers: a: too_large"},
		{single, "12,5555", "invalid answers: a: too_many_decimals"},
		{single, " ", `{}`},
		{several, "1.250.000 VND", `{"a":{"amount":1250000,"currency":"VND"}}`},
		{several, "1.250 USD", `{"a":{"amount":125000,"currency":"USD"}}`},
		{several, "1,250 USD", "invalid answers: a: not_a_number"},
		{several, "1250,5 USD", `{"a":{"amount":125050,"currency":"USD"}}`},
		{several, "12", "invalid answers: a: not_an_option"},
		{several, "12,5 VND", "invalid answers: a: too_many_decimals"},
		{several, "0,49 USD", "invalid answers: a: too_small"},
	} {
		answers, err := test.f.Check(form.Input{"a": {test.given}}, noon)
		got := string(answers.JSON())
		if err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%q: got %s, want %s", test.given, got, test.want)
		}
		if err != nil {
			continue
		}
		again, err := test.f.Check(test.f.InputFromAnswers(answers.JSON()), noon)
		if err != nil || string(again.JSON()) != got {
			t.Errorf("%q: sent again it is %s, %v, want %s", test.given, again.JSON(), err, got)
		}
	}
}

func TestMoney_JSON(t *testing.T) {
	t.Parallel()
	f := parse(t, oneField("type: money\ncurrency: [EUR, VND]\nmax: 20"))
	for raw, want := range map[string]string{
		`{"a":{"amount":1250,"currency":"EUR"}}`:    "",
		`{"a":{"currency":"VND","amount":20}}`:      "",
		`{"a":{"amount":2001,"currency":"EUR"}}`:    "a: too_large",
		`{"a":{"amount":1,"currency":"USD"}}`:       "a: not_an_option",
		`{"a":{"amount":1,"currency":"XXY"}}`:       "a: wrong_type",
		`{"a":{"amount":1.5,"currency":"EUR"}}`:     "a: wrong_type",
		`{"a":{"amount":"1","currency":"EUR"}}`:     "a: wrong_type",
		`{"a":{"amount":1}}`:                        "a: wrong_type",
		`{"a":{"currency":"EUR"}}`:                  "a: wrong_type",
		`{"a":{"amount":1,"currency":"EUR","x":1}}`: "a: wrong_type",
		`{"a":12.5}`:       "a: wrong_type",
		`{"a":"12.5 EUR"}`: "a: wrong_type",
		`{"a":null}`:       "a: wrong_type",
		`{"a":{"amount":9999999999999999,"currency":"EUR"}}`: "a: wrong_type",
	} {
		_, err := checkJSON(f, json.RawMessage(raw))
		got := ""
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid answers: ")
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
}

func TestMoney_Shown(t *testing.T) {
	t.Parallel()
	const extra = `{"a":{"amount":125050,"currency":"USD"}}`
	if got := parse(t, vietnamese).Show(json.RawMessage(extra))[0].Rows[0].Text; got != "1.250,50\u00a0USD" {
		t.Errorf("got %q", got)
	}
	if got := parse(t, vietnamese).Show(json.RawMessage(`{"a":"x"}`))[0].Rows[0].Text; got != "x" {
		t.Errorf("what is no amount is shown as %q", got)
	}
}

func TestMoney_InConditions(t *testing.T) {
	t.Parallel()
	f := parse(t, head+`fields:
  - {name: paid, label: Paid, type: money, currency: EUR}
  - {name: price, label: Price, type: money, currency: [EUR, VND]}
checks:
  - {when: paid > 100.0, fields: [paid], text: Too much.}
  - {when: price.currency == 'VND' && price.value < 1000.0, fields: [price], text: Too little.}
  - {when: price.currency == paid.currency && price.value < paid, fields: [price], text: More was paid.}
`)
	for given, want := range map[string]string{
		"100": "", "100.01": "paid: check_failed", "5;999 VND": "price: check_failed", "5;1000 VND": "", "5;4 EUR": "price: check_failed", "5;5 EUR": "", "": "",
	} {
		paid, price, _ := strings.Cut(given, ";")
		_, err := f.Check(form.Input{"paid": {paid}, "price": {price}}, noon)
		got := ""
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid answers: ")
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}

func TestFold_Money(t *testing.T) {
	t.Parallel()
	f := parse(t, vietnamese)
	for _, test := range []struct{ value, want string }{{" 12,5 ", "12,5 USD"}, {"", ""}} {
		given := form.Input{"a.value": {test.value}, "a.currency": {"USD"}, "b.value": {"1"}}
		f.Fold(given)
		if given.Text("a") != test.want || given.Has("a.value") || given.Has("a.currency") || !given.Has("b.value") {
			t.Errorf("%q: got %v", test.value, given)
		}
	}
	field, _ := f.Field("a")
	for _, text := range []string{"12,5 USD", "12,5", "USD 12.50", ""} {
		typed, code := field.MoneyParts(text)
		if want := map[string]string{"12,5 USD": "12,5 USD", "12,5": "12,5 ", "USD 12.50": "12.50 USD", "": " "}[text]; typed+" "+code != want {
			t.Errorf("%q is shown as %q, %q", text, typed, code)
		}
	}
}
