package money_test

import (
	"testing"

	"docket/internal/form/money"
)

func TestParseTyped(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, code, sign, want string }{
		{"1.250.000", "VND", ",", "VND 1250000"},
		{"1,250,000", "VND", ",", "VND 1250000"},
		{"1.250", "VND", ".", "VND 1250"},
		{"1250", "VND", ",", "VND 1250"},
		{"12.5", "VND", ",", "too many decimals"},
		{"0.125", "VND", ".", "not a number"},
		{"12,50", "EUR", ",", "EUR 12.50"},
		{"12.5", "EUR", ",", "EUR 12.50"},
		{"12", "EUR", ",", "EUR 12.00"},
		{"1.250,50", "EUR", ".", "EUR 1250.50"},
		{"1,250.50", "EUR", ",", "EUR 1250.50"},
		{"1.250.50", "EUR", ",", "not a number"},
		{"1.250", "EUR", ",", "EUR 1250.00"},
		{"1.250", "EUR", ".", "ambiguous"},
		{"0.125", "EUR", ",", "ambiguous"},
		{"1,250", "EUR", ".", "EUR 1250.00"},
		{"1.2345", "EUR", ".", "too many decimals"},
		{"1.250", "KWD", ".", "KWD 1.250"},
		{"1.250", "KWD", ",", "KWD 1250.000"},
		{"1 250 000,5", "USD", ".", "USD 1250000.50"},
		{"1'250.00", "CHF", ".", "CHF 1250.00"},
		{"-3", "EUR", ".", "EUR -3.00"},
		{"12,34,567", "INR", ".", "not a number"},
		{"1,250,50.00", "EUR", ".", "not a number"},
		{"1.2.3,4,5", "EUR", ".", "not a number"},
		{"", "EUR", ".", "not a number"},
		{"1e3", "EUR", ".", "not a number"},
		{".5", "EUR", ".", "not a number"},
		{"99999999999999", "EUR", ".", "too large"},
		{"99999999999999999999", "EUR", ".", "too large"},
	} {
		amount, fault := money.ParseTyped(test.text, test.code, test.sign)
		got := string(fault)
		if fault == "" {
			got = amount.String()
		}
		if got != test.want {
			t.Errorf("%q in %s with %q: got %s, want %s", test.text, test.code, test.sign, got, test.want)
		}
		if again, ok := money.ParseStored(got); fault == "" && (!ok || again != amount) {
			t.Errorf("%s is read as %v, %t", got, again, ok)
		}
	}
}

func TestParseStored_Others(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "EUR", "EUR 1", "EUR 1.5", "EUR 01.50", "eur 1.50", "XXY 1.50", "VND 1.0", "VND +1", "EUR 99999999999999.00", "1.50 EUR"} {
		if a, ok := money.ParseStored(text); ok {
			t.Errorf("%q is read as %v, want nothing", text, a)
		}
	}
}
