package formfile

import "testing"

func TestParse_GrantInEachLanguage(t *testing.T) {
	f, err := Parse([]byte(`name: refund
title: {en: Refund, vi: Hoàn tiền}
languages: [en, vi]
fields:
  - {name: amount, label: {en: Amount, vi: Số tiền}, type: money, currency: EUR}
decisions: {approve: {asks: [amount]}}
`))
	if err != nil {
		t.Fatal(err)
	}
	for language, want := range map[string]string{"en": "200.50", "vi": "200,50"} {
		shown := f.In(language).Grant.Show([]byte(`{"amount":{"amount":20050,"currency":"EUR"}}`))
		if got := shown[0].Rows[0].Text; got[:6] != want {
			t.Errorf("in %s the amount is %q, want %s", language, got, want)
		}
	}
}
