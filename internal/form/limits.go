package form

import (
	"regexp"
)

const (
	maxLength   = 10_000 // the greatest max_length, in characters
	maxDecimals = 10
	maxPattern  = 1_000
)

// limits reads what bounds the answer to a field whose keys fit its type.
func (r *reader) limits(e entries, f *Field) {
	f.MinLength = r.whole(e, "min_length", 0, maxLength, 0)
	f.MaxLength = r.whole(e, "max_length", 1, maxLength, max(f.Type.length(), f.MinLength))
	if f.MinLength > f.MaxLength {
		r.say(e.of["min_length"].value, `"min_length" %d is more than "max_length" %d; nothing could be answered`, f.MinLength, f.MaxLength)
	}
	f.Decimals = r.whole(e, "decimals", 0, maxDecimals, 0)
	f.Pattern, f.PatternHint = r.pattern(e), r.text(e, "pattern_hint")
	if hint, said := e.of["pattern_hint"]; said && f.Pattern == nil {
		r.say(hint.key, `"pattern_hint" explains a "pattern", and there is none; add one or delete the line`)
	}
	f.Min, f.Max = r.bound(e, "min", *f), r.bound(e, "max", *f)
	if f.Min != "" && f.Max != "" && !ordered(*f) {
		r.say(e.of["min"].value, `"min" %s is more than "max" %s; nothing could be answered`, f.Min, f.Max)
	}
}

// pattern reads a regular expression, which is to match a whole answer.
func (r *reader) pattern(e entries) *regexp.Regexp {
	text := r.text(e, "pattern")
	if text == "" {
		return nil
	}
	if len(text) > maxPattern {
		r.say(e.of["pattern"].value, `"pattern" is longer than %d characters; make it shorter`, maxPattern)
		return nil
	}
	if _, err := regexp.Compile(text); err != nil {
		r.say(e.of["pattern"].value, `"pattern" is not a regular expression: %s`, err)
		return nil
	}
	whole, err := regexp.Compile("^(?:" + text + ")$")
	if err != nil {
		r.say(e.of["pattern"].value, `"pattern" is too large: %s`, err)
	}
	return whole
}

// bound reads one end of the range of a number or a date: "" when there is none.
func (r *reader) bound(e entries, key string, f Field) string {
	text := r.text(e, key)
	if text == "" {
		return ""
	}
	at := e.of[key].value
	if f.Type == Date {
		if _, ok := dateBound(text); !ok {
			r.say(at, "%q must be a date such as 2020-01-31, today, today-18y or today+30d, not %q", key, text)
			return ""
		}
		return text
	}
	number, problem := decimal(text, f.Decimals)
	switch problem.Code {
	case "":
		return number
	case CodeTooManyDecimals:
		r.say(at, `%q has more digits after the point than "decimals" %d allows`, key, f.Decimals)
	default:
		r.say(at, "%q must be a number such as 10 or 0.5, not %q", key, text)
	}
	return ""
}

// ordered reports whether min comes before max. A fixed and a moving date cannot be compared once and for all.
func ordered(f Field) bool {
	if f.Type == Number {
		return compare(f.Min, f.Max) <= 0
	}
	low, _ := dateBound(f.Min)
	high, _ := dateBound(f.Max)
	return low.moving != high.moving || !low.on(someDay).After(high.on(someDay))
}
