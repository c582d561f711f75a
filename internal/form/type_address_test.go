package form_test

import (
	"encoding/json"
	"strings"
	"testing"

	"docket/internal/form"
	"docket/internal/form/address"
)

func TestAddress_CheckAndShow(t *testing.T) {
	t.Parallel()
	f := parse(t, head+`fields:
  - {name: home, label: Home, type: address}
  - {name: must, label: Must, type: address, required: true, when: home.country == 'DEU', when_help: In Germany.}
checks:
  - {when: home.country == 'VNM' && home.region == '', fields: [home], text: Name the province.}
`)
	for given, want := range map[string]string{
		"":                                   `{}`,
		"line2= ":                            `{}`,
		"line1= 1 Rue;city=Nice;country=FRA": `{"home":{"line1":"1 Rue","city":"Nice","country":"FRA"}}`,
		"line1=1;city=Nice":                  "home: required",
		"line1=1;city=Nice;country=FR":       "home: not_an_option",
		"line1=1;city=Ni\x01ce;country=FRA":  "home: bad_characters",
		"line1=" + strings.Repeat("x", 201):  "home: too_long",
		"line1=1;city=Hà Nội;country=VNM":    "home: check_failed",
		"line1=1;city=Bonn;country=DEU":      "must: required",
	} {
		input := form.Input{}
		for pair := range strings.SplitSeq(given, ";") {
			if name, text, ok := strings.Cut(pair, "="); ok {
				input.Set("home."+name, text)
			}
		}
		f.Fold(input)
		answers, err := f.Check(input, noon)
		got := string(answers.JSON())
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid answers: ")
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", given, got, want)
		}
		if err == nil {
			if again, err := f.Check(f.InputFromAnswers(answers.JSON()), noon); err != nil || string(again.JSON()) != got {
				t.Errorf("%q: sent again it is %s, %v", given, again.JSON(), err)
			}
		}
	}
	extra := json.RawMessage(`{"home":{"line1":"1 Rue \"A\"","postal_code":"06000","city":"Nice","country":"FRA"}}`)
	if got := f.Show(extra)[0].Rows[0].Text; got != `1 Rue "A", 06000 Nice, France` {
		t.Errorf("a person reads %q", got)
	}
	if got := address.Parse(f.InputFromAnswers(extra).Text("home"))["line1"]; got != `1 Rue "A"` {
		t.Errorf("a page asks for %q", got)
	}
	if got := address.Parse("no address")["line1"]; got != "" {
		t.Errorf("of what is no address a page asks for %q", got)
	}
}
