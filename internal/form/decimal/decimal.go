// Package decimal has decimal numbers as texts, as people type them and as they are kept.
package decimal

import (
	"math/big"
	"regexp"
	"strings"
	"sync"
)

// Compare is -1, 0 or 1 as a is less than, the same as or more than b.
func Compare(a, b string) int {
	left, _ := new(big.Rat).SetString(a)
	right, _ := new(big.Rat).SetString(b)
	return left.Cmp(right)
}

// Crossed reports whether low is more than high.
func Crossed(low, high string) bool { return Compare(low, high) > 0 }

// groupedNumber has one sign between its thousands, or none, and may have another before its decimals.
var groupedNumber = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(-?)(\d+|\d{1,3}(?: \d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d{1,3}(?:['’]\d{3})+)(?:([.,])(\d+))?$`)
})

// Plain is a number that was typed with a decimal comma or with signs between its thousands, with a point and without signs. What
// may be meant in two ways, such as "1,250", stays as it is, as does a text that is no number.
func Plain(text string) string {
	if strings.Count(text, ",") == 1 && !strings.ContainsAny(text, " .'’") {
		whole, fraction, _ := strings.Cut(text, ",")
		if digits := strings.TrimPrefix(whole, "-"); len(fraction) == 3 && digits != "0" && len(digits) <= 3 {
			return text
		}
		return whole + "." + fraction
	}
	parts := groupedNumber().FindStringSubmatch(text)
	if parts == nil || parts[3] != "" && strings.Contains(parts[2], parts[3]) || !strings.ContainsAny(parts[2], " .,'’") {
		return text
	}
	whole := strings.NewReplacer(" ", "", ".", "", ",", "", "'", "", "’", "").Replace(parts[2])
	if parts[4] == "" {
		return parts[1] + whole
	}
	return parts[1] + whole + "." + parts[4]
}
