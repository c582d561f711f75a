package money

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Fault is why a typed amount is none; "" when it is one.
type Fault string

// The faults. Ambiguous: the only sign may stand before thousandths or before thousands.
const (
	NotANumber      Fault = "not a number"
	Ambiguous       Fault = "ambiguous"
	TooManyDecimals Fault = "too many decimals"
	TooLarge        Fault = "too large"
)

var typedNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(-?)(\d[\d.,]*)$`) })

var groupSigns = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "")

// ParseTyped reads an amount of a known currency as a person types it: with or without signs between thousands, and with a decimal
// sign, a point or a comma. Where one alone stands before three digits, the decimal sign of the person's language says which it is; if
// that makes no amount of the currency, it is Ambiguous.
func ParseTyped(text, code, decimalSign string) (Amount, Fault) {
	text = groupSigns.Replace(text)
	parts := typedNumber().FindStringSubmatch(text)
	decimals, _ := Decimals(code)
	if parts == nil {
		return Amount{}, NotANumber
	}
	whole, fraction, fault := splitNumber(parts[2], decimals, decimalSign)
	switch {
	case fault != "":
		return Amount{}, fault
	case len(fraction) > decimals:
		return Amount{}, TooManyDecimals
	}
	minor, err := strconv.ParseInt(parts[1]+whole+fraction+strings.Repeat("0", decimals-len(fraction)), 10, 64)
	a := Amount{minor, code}
	if err != nil || !a.Fits() {
		return Amount{}, TooLarge
	}
	return a, ""
}

// splitNumber separates the digits before the decimal sign from those behind it.
func splitNumber(number string, decimals int, decimalSign string) (whole, fraction string, fault Fault) {
	points, commas := strings.Count(number, "."), strings.Count(number, ",")
	last := strings.LastIndexAny(number, ".,")
	if last < 0 {
		return number, "", ""
	}
	sign, behind := number[last:last+1], number[last+1:]
	switch {
	case points > 0 && commas > 0: // the last one is the decimal sign
		whole, ok := ungroup(number[:last])
		if !ok || strings.Count(number, sign) > 1 {
			return "", "", NotANumber
		}
		return whole, behind, ""
	case points+commas > 1:
		return ungrouped(number)
	case len(behind) != 3:
		return number[:last], behind, ""
	case decimals == 0:
		return ungrouped(number)
	case sign == decimalSign && decimals < 3, strings.HasPrefix(number, "0") && decimals < 3:
		return "", "", Ambiguous
	case sign == decimalSign:
		return number[:last], behind, ""
	}
	return ungrouped(number)
}

func ungrouped(number string) (whole, fraction string, fault Fault) {
	whole, ok := ungroup(number)
	if !ok {
		return "", "", NotANumber
	}
	return whole, "", ""
}

// ungroup is a number without the sign between its thousands, which is one and the same; false when it stands elsewhere.
func ungroup(number string) (digits string, ok bool) {
	sign := strings.Trim(number, "0123456789")
	groups := []string{number}
	if sign != "" {
		groups = strings.Split(number, sign[:1])
	}
	for i, group := range groups {
		digit := strings.Trim(group, "0123456789") == "" && group != ""
		if !digit || i > 0 && len(group) != 3 || i == 0 && len(groups) > 1 && (len(group) > 3 || group[0] == '0') {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}
