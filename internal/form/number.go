package form

import (
	"math/big"
	"regexp"
	"strings"
	"sync"
)

var plainNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(-?)(\d+)(?:\.(\d+))?$`) })

// maxDigits is how many digits may stand before the point.
const maxDigits = 15

// decimal checks that text is a plain number with at most so many decimals. It returns the number as JSON writes it:
// the digits that were typed, without leading zeros; never a float64.
func decimal(text string, decimals int) (string, Problem) {
	parts := plainNumber().FindStringSubmatch(text)
	if parts == nil {
		return "", fault(CodeNotANumber, notANumber(decimals))
	}
	sign, whole, fraction := parts[1], strings.TrimLeft(parts[2], "0"), parts[3]
	switch {
	case len(whole) > maxDigits:
		return "", fault(CodeTooLarge, "answer.too_many_digits", "Count", maxDigits)
	case len(fraction) > decimals && decimals == 0:
		return "", fault(CodeTooManyDecimals, "answer.not_whole")
	case len(fraction) > decimals:
		return "", fault(CodeTooManyDecimals, "answer.too_many_decimals", "Count", decimals)
	}
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	if strings.Trim(whole+fraction, "0.") == "" {
		sign = ""
	}
	return sign + whole + fraction, Problem{}
}

// notANumber names what to say: of a whole number nothing need be said about the point.
func notANumber(decimals int) string {
	if decimals == 0 {
		return "answer.not_a_whole_number"
	}
	return "answer.not_a_number"
}

// compare is -1, 0 or 1 as a is less than, the same as or more than b; both are decimals.
func compare(a, b string) int {
	left, _ := new(big.Rat).SetString(a)
	right, _ := new(big.Rat).SetString(b)
	return left.Cmp(right)
}

// number checks a number against the bounds of a field.
func (f Field) number(text string) (string, Problem) {
	number, problem := decimal(text, f.Decimals)
	switch {
	case problem.Code != "":
		return "", problem
	case f.Min != "" && compare(number, f.Min) < 0:
		return "", fault(CodeTooSmall, "answer.too_small", "Min", f.Min)
	case f.Max != "" && compare(number, f.Max) > 0:
		return "", fault(CodeTooLarge, "answer.too_large", "Max", f.Max)
	}
	return number, Problem{}
}
