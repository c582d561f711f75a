// Package money has amounts of money: in whole minor units, such as cents, of a currency of ISO 4217.
package money

import (
	"strconv"
	"strings"

	"golang.org/x/text/currency"
)

// maxDigits is how many digits an amount has at most, those of its minor units counted.
const maxDigits = 15

// Amount is an amount in minor units.
type Amount struct {
	Minor    int64
	Currency string // its code, such as "EUR"
}

// Decimals is how many digits behind the point amounts of a currency have; false when there is no currency with this code.
func Decimals(code string) (int, bool) {
	unit, err := currency.ParseISO(code)
	if err != nil || unit.String() != code {
		return 0, false
	}
	scale, _ := currency.Standard.Rounding(unit)
	return scale, true
}

// Major is the amount in major units with a point, such as "12.50".
func (a Amount) Major() string {
	decimals, _ := Decimals(a.Currency)
	digits, sign := strconv.FormatInt(a.Minor, 10), ""
	if a.Minor < 0 {
		digits, sign = digits[1:], "-"
	}
	for len(digits) <= decimals {
		digits = "0" + digits
	}
	if decimals == 0 {
		return sign + digits
	}
	return sign + digits[:len(digits)-decimals] + "." + digits[len(digits)-decimals:]
}

// String is the amount as ParseStored reads it, such as "EUR 12.50".
func (a Amount) String() string { return a.Currency + " " + a.Major() }

// ParseStored reads what String writes; false when text is anything else.
func ParseStored(text string) (Amount, bool) {
	code, major, ok := strings.Cut(text, " ")
	decimals, known := Decimals(code)
	whole, fraction, pointed := strings.Cut(major, ".")
	if !ok || !known || len(fraction) != decimals || pointed != (decimals > 0) {
		return Amount{}, false
	}
	minor, err := strconv.ParseInt(whole+fraction, 10, 64)
	a := Amount{minor, code}
	return a, err == nil && a.String() == text && a.Fits()
}

// Fits reports whether the amount has no more digits than an amount may have.
func (a Amount) Fits() bool {
	return len(strings.TrimPrefix(strconv.FormatInt(a.Minor, 10), "-")) <= maxDigits
}
