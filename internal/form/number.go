package form

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"sync"
)

var plainNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(-?)(\d+)(?:\.(\d+))?$`) })

// decimal checks that text is a plain number with at most so many decimals. It returns the number as JSON writes it:
// the digits that were typed, without leading zeros; never a float64.
func decimal(text string, decimals int) (string, Problem) {
	parts := plainNumber().FindStringSubmatch(text)
	if parts == nil {
		return "", Problem{CodeNotANumber, "Must be a number of plain digits" + example(decimals)}
	}
	sign, whole, fraction := parts[1], strings.TrimLeft(parts[2], "0"), parts[3]
	switch {
	case len(whole) > 15:
		return "", Problem{CodeTooLarge, "Must have at most 15 digits before the point"}
	case len(fraction) > decimals && decimals == 0:
		return "", Problem{CodeTooManyDecimals, "Must be a whole number"}
	case len(fraction) > decimals:
		return "", Problem{CodeTooManyDecimals, fmt.Sprintf("Must have at most %s after the point", count(decimals, "digit"))}
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

func example(decimals int) string {
	if decimals == 0 {
		return ", such as 12"
	}
	return " with a point before the decimals, such as 12.5"
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
		return "", Problem{CodeTooSmall, "Must be " + f.Min + " or more"}
	case f.Max != "" && compare(number, f.Max) > 0:
		return "", Problem{CodeTooLarge, "Must be " + f.Max + " or less"}
	}
	return number, Problem{}
}
