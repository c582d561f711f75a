// Package citizencard reads what the QR codes of citizen cards say, and what their numbers say of who has them.
package citizencard

import (
	"cmp"
	"slices"
	"strings"

	"docket/internal/form/day"
)

// Layout is how the code of a kind of card lists its fields.
type Layout struct {
	Separator string
	Fields    []string // by their order; "" for one that is skipped. "birth_date: ddmmyyyy" is a date with its digits in this order.
	Least     int      // how many fields a code of this layout has at least; 0: all
}

// Read is what a code says: each field that it has by its name, dates as YYYY-MM-DD, YYYY-MM or YYYY as far as they are known. What a
// date that cannot be read says is left out. False: the code is not of this layout.
func (l Layout) Read(text string) (map[string]string, bool) {
	least := cmp.Or(l.Least, len(l.Fields))
	values := strings.Split(strings.TrimSpace(text), l.Separator)
	if l.Separator == "" || len(values) < least {
		return nil, false
	}
	read := map[string]string{}
	for i, field := range l.Fields[:min(len(l.Fields), len(values))] {
		name, order, _ := strings.Cut(field, ":")
		value := strings.TrimSpace(values[i])
		if order = strings.TrimSpace(order); order != "" {
			value = readDate(value, order)
		}
		if name != "" && value != "" {
			read[name] = value
		}
	}
	return read, true
}

// CheckOrder reports whether a date can be written in this order: two d, two m and four y, with or without signs between them.
func CheckOrder(order string) bool {
	return strings.Count(order, "d") == 2 && strings.Count(order, "m") == 2 && strings.Count(order, "y") == 4 &&
		strings.Contains(order, "dd") && strings.Contains(order, "mm") && strings.Contains(order, "yyyy")
}

// readDate is a date whose digits stand in this order; "" when there is none. A day or a month of zeros is not known.
func readDate(text, order string) string {
	digits := justDigits(text)
	order = strings.Map(func(r rune) rune {
		if slices.Contains([]rune("dmy"), r) {
			return r
		}
		return -1
	}, order)
	if len(digits) != len(order) || !CheckOrder(order) {
		return ""
	}
	part := func(sign string, length int) string { return digits[strings.Index(order, sign):][:length] }
	date, ok := day.ParsePartial(part("y", 4) + "-" + part("m", 2) + "-" + part("d", 2))
	if !ok {
		return ""
	}
	return date.String()
}

func justDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
