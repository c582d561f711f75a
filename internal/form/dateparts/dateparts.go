// Package dateparts is a date as a page asks for it: day, month and year apart, as it stands on documents.
package dateparts

import (
	"strings"

	"docket/internal/plaintext"
)

// The parts of a date.
const (
	Day   = "day"
	Month = "month"
	Year  = "year"
)

// Names are the parts in the order in which a page asks for them.
func Names() []string { return []string{Day, Month, Year} }

// Fold is a date of its parts, written YYYY-MM-DD. Where the last ones are empty it is shorter, such as "1990"; where all are, empty. Parts
// that make no date make a text that is none, from which Split gives them back.
func Fold(parts map[string]string) string {
	year, month, day := tidy(parts[Year]), tidy(parts[Month]), tidy(parts[Day])
	switch {
	case day == "" && month == "":
		return year
	case day == "":
		return year + "-" + month
	}
	return year + "-" + month + "-" + day
}

// Split gives the parts of a date, or of what was typed in its place.
func Split(text string) map[string]string {
	pieces := append(strings.SplitN(text, "-", 3), "", "")
	return map[string]string{Year: pieces[0], Month: pieces[1], Day: pieces[2]}
}

// tidy is a typed part with two digits at least, in those of ASCII, and without the sign that stands between parts.
func tidy(part string) string {
	part = strings.TrimSpace(strings.ReplaceAll(plaintext.PlainSigns(part), "-", ""))
	if len(part) == 1 && part[0] >= '0' && part[0] <= '9' {
		return "0" + part
	}
	return part
}
