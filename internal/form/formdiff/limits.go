package formdiff

import (
	"regexp"
	"slices"
	"strconv"

	"docket/internal/form"
)

// compareLimits compares which answers are refused.
func (c *comparison) compareLimits(before, after form.Field) {
	narrower := after.MinLength > before.MinLength || after.MaxLength < before.MaxLength || after.Decimals < before.Decimals || before.Partial && !after.Partial ||
		raised(before.Min, after.Min, 1) || raised(before.Max, after.Max, -1) ||
		patternText(before.Pattern) != patternText(after.Pattern) && after.Pattern != nil ||
		hasMore(before.Block, after.Block) || hasMore(uniqueInRows(before), uniqueInRows(after))
	changed := after.MinLength != before.MinLength || after.MaxLength != before.MaxLength || after.Decimals != before.Decimals || after.Partial != before.Partial ||
		after.Min != before.Min || after.Max != before.Max || patternText(before.Pattern) != patternText(after.Pattern) ||
		!slices.Equal(before.Block, after.Block) || hasMore(uniqueInRows(after), uniqueInRows(before))
	switch {
	case narrower:
		c.add(Customers, "narrower", after.Name, "")
		c.addBreaking("narrower", after.Name, "")
	case changed:
		c.add(Customers, "wider", after.Name, "")
		c.add(Programs, "wider", after.Name, "")
	}
}

// raised reports whether a lower bound refuses more than before; with the sign -1 an upper one. Of bounds that are no numbers, such as
// days, every other one may.
func raised(before, after string, sign float64) bool {
	if after == before || after == "" {
		return false
	}
	from, wasNumber := strconv.ParseFloat(before, 64)
	to, isNumber := strconv.ParseFloat(after, 64)
	return wasNumber != nil || isNumber != nil || sign*to > sign*from
}

// hasMore reports whether after has a word that before has not.
func hasMore(before, after []string) bool {
	return slices.ContainsFunc(after, func(word string) bool { return !slices.Contains(before, word) })
}

// uniqueInRows are the fields whose answers differ in all rows of a group; none where it is no group.
func uniqueInRows(field form.Field) []string {
	if field.Rows == nil {
		return nil
	}
	return field.Rows.Unique
}

func patternText(pattern *regexp.Regexp) string {
	if pattern == nil {
		return ""
	}
	return pattern.String()
}
