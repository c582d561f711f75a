package formfile_test

import (
	"testing"

	"docket/internal/form/formfile"
	"docket/internal/form/rules"
)

// The answers of an example are those of a form as JSON has them, where one line of text would not do.
func TestParse_ExampleAsInJSON(t *testing.T) {
	t.Parallel()
	f, err := formfile.Parse([]byte(`name: x
title: X
fields:
  - {name: home, label: Home, type: address}
  - {name: price, label: Price, type: money, currency: [EUR, VND]}
rules:
  - {name: near, when: home.city == 'Hanoi' && price.currency == 'EUR' && price.value < 13.0, decide: approve}
examples:
  - {today: 2026-03-04, answers: {home: {line1: 1 Main Street, city: Hanoi, country: VNM}, price: {amount: 1250, currency: EUR}}, expect: approve}
  - {today: 2026-03-04, answers: {home: {line1: 1 Main Street, city: Hanoi, country: VNM}, price: 12.50 EUR}, expect: approve}
  - {today: 2026-03-04, answers: {home: {line1: 1 Main Street, city: Hue, country: VNM}, price: 12.50 EUR}, expect: nothing}
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range f.Examples {
		if problem := rules.CheckExample(t.Context(), f, example); problem != "" {
			t.Errorf("%s: %s", example.Name, problem)
		}
	}
}
