package form_test

import (
	"encoding/json"
	"strings"
	"testing"

	"docket/internal/form"
)

// order is a form whose total is computed.
const order = head + `fields:
  - name: items
    label: Items
    row_label: Item
    type: group
    many: 3
    fields:
      - {name: amount, label: Amount, type: money, currency: EUR}
      - {name: what, label: What}
  - {name: tip, label: Tip, type: number}
  - {name: total, label: Total, type: money, currency: EUR, max: 100, computed: sum(items.amount)}
  - {name: twice, label: Twice, type: number, decimals: 1, computed: tip * 2.0}
checks:
  - {when: total > 50.0 && tip == 0.0, fields: [tip], text: Give a tip.}
`

func TestComputed_Checked(t *testing.T) {
	t.Parallel()
	f := parse(t, order)
	for given, want := range map[string]string{
		"":                 `{"total":{"amount":0,"currency":"EUR"}}`,
		"10;2,50":          `{"items":[{"amount":{"amount":1000,"currency":"EUR"}},{"amount":{"amount":250,"currency":"EUR"}}],"total":{"amount":1250,"currency":"EUR"}}`,
		"10;-":             `{"items":[{"amount":{"amount":1000,"currency":"EUR"}},{"what":"x"}],"total":{"amount":1000,"currency":"EUR"}}`,
		"99;2":             "total: too_large",
		"60;tip=0":         "tip: check_failed",
		"60;tip=5":         `{"items":[{"amount":{"amount":6000,"currency":"EUR"}}],"tip":5,"total":{"amount":6000,"currency":"EUR"},"twice":10.0}`,
		"1;total=EUR 9.00": `{"items":[{"amount":{"amount":100,"currency":"EUR"}}],"total":{"amount":100,"currency":"EUR"}}`,
	} {
		input, slot := form.Input{}, 0
		for one := range strings.SplitSeq(given, ";") {
			name, text, named := strings.Cut(one, "=")
			row := form.RowName("items", slot)
			switch {
			case named:
				input.Set(name, text)
				continue
			case one == "-":
				input.Set(row+".what", "x")
			default:
				input.Set(row+".amount", one)
			}
			slot++
		}
		answers, err := f.Check(input, noon)
		got := string(answers.JSON())
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "invalid answers: ")
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", given, got, want)
		}
	}
	shown := f.ShowComputed(form.Input{"items.0.amount": {"12,5"}, "tip": {"x"}}, noon)
	if shown["total"] != "12.50\u00a0EUR" || shown["twice"] != "" {
		t.Errorf("a page shows %q", shown)
	}
	if !f.Decides("items.0.amount") || !f.Decides("tip") || f.Decides("total") {
		t.Error("the page does not ask again when an answer changes that something is computed of")
	}
	_, err := checkJSON(f, json.RawMessage(`{"total":{"amount":1,"currency":"EUR"}}`))
	if err == nil || err.Error() != "invalid answers: total: unknown_field" {
		t.Errorf("what is computed was sent: %v", err)
	}
}
