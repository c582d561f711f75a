package formfile

import (
	"regexp"

	"docket/internal/form"
	"docket/internal/form/formkeys"
)

const maxPattern = 1_000

// readLimits reads what bounds the answer to a field whose keys fit its type.
func (r *reader) readLimits(m mapping, field *form.Field) {
	field.MinLength = r.readInt(m, "min_length", 0, formkeys.MaxLength, 0)
	field.MaxLength = r.readInt(m, "max_length", 1, formkeys.MaxLength, max(field.Type.MaxLength(), field.MinLength))
	if field.MinLength > field.MaxLength {
		r.addMistake(m.entries["min_length"].value, `"min_length" %d is more than "max_length" %d; nothing could be answered`, field.MinLength, field.MaxLength)
	}
	field.Decimals = r.readInt(m, "decimals", 0, formkeys.MaxDecimals, 0)
	field.Partial = r.readBool(m, "partial")
	field.Pattern, field.PatternHint = r.readPattern(m), r.readText(m, "pattern_hint")
	if hint, given := m.entries["pattern_hint"]; given && field.Pattern == nil {
		r.addMistake(hint.key, `"pattern_hint" explains a "pattern", and there is none; add one or delete the line`)
	}
	field.Min, field.Max = r.readBound(m, "min", *field), r.readBound(m, "max", *field)
	if field.BoundsCrossed() {
		r.addMistake(m.entries["min"].value, `"min" %s is more than "max" %s; nothing could be answered`, field.Min, field.Max)
	}
}

// readPattern reads a regular expression, which is to match a whole answer.
func (r *reader) readPattern(m mapping) *regexp.Regexp {
	text := r.readText(m, "pattern")
	if text == "" {
		return nil
	}
	if len(text) > maxPattern {
		r.addMistake(m.entries["pattern"].value, `"pattern" is longer than %d characters; make it shorter`, maxPattern)
		return nil
	}
	if _, err := regexp.Compile(text); err != nil {
		r.addMistake(m.entries["pattern"].value, `"pattern" is not a regular expression: %s`, err)
		return nil
	}
	whole, err := regexp.Compile("^(?:" + text + ")$")
	if err != nil {
		r.addMistake(m.entries["pattern"].value, `"pattern" is too large: %s`, err)
	}
	return whole
}

// readBound reads one end of a range: "" when there is none.
func (r *reader) readBound(m mapping, key string, field form.Field) string {
	text := r.readText(m, key)
	if text == "" {
		return ""
	}
	bound, mistake := field.Bound(text)
	if mistake != "" {
		r.addMistake(m.entries[key].value, "%q %s", key, mistake)
	}
	return bound
}
