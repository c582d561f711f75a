package plaintext

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// checkCharacters is what is wrong with the first character that a text may not hold.
func checkCharacters(text []rune, multiline bool) Fault {
	marks := 0
	for i, r := range text {
		switch {
		case r >= ' ' && r <= '~' || unicode.Is(unicode.Latin, r): // most of them: letters and signs that every text may hold
			marks = 0
			continue
		case unicode.Is(unicode.M, r):
			marks++
		case !isJoiner(r):
			marks = 0
		}
		if marks > maxMarks {
			return Fault{Key: "answer.too_many_accents"}
		}
		if key := forbiddenKey(text, i, multiline); key != "" {
			return Fault{key, []any{"Character", fmt.Sprintf("%U", r)}}
		}
	}
	return Fault{}
}

// forbiddenKey names what to say of the character at i; "" when it may stand there.
func forbiddenKey(text []rune, i int, multiline bool) string {
	switch r := text[i]; {
	case (r == '\n' || r == '\t') && multiline:
		return ""
	case r == '\n' || r == '\r' || r == '\t' || unicode.In(r, unicode.Zl, unicode.Zp):
		return "answer.line_break"
	case unicode.IsControl(r):
		return "answer.control_character"
	case isDirectional(r):
		return "answer.directional_character"
	case isJoiner(r) && joinerAllowed(text, i), isSelector(r) && selectorAllowed(text, i):
		return ""
	case isInvisible(r):
		return "answer.invisible_character"
	case r == utf8.RuneError:
		return "answer.damaged_character"
	case unicode.Is(unicode.Co, r) || unicode.Is(unicode.Noncharacter_Code_Point, r):
		return "answer.meaningless_character"
	}
	return ""
}

// isDirectional reports whether r overrides or marks the direction of writing.
func isDirectional(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// isInvisible reports whether r leaves no trace on the page: formats, fillers, tags, selectors, blanks.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == '\u2800'
}

// isJoiner reports whether r is ZWNJ or ZWJ, which shape the letters beside them.
func isJoiner(r rune) bool { return unicode.Is(unicode.Join_Control, r) }

// joinerAllowed reports whether the joiner at i stands where writing needs it: between letters of a script that
// shapes them, or between the parts of one emoji.
func joinerAllowed(text []rune, i int) bool {
	if i == 0 || i+1 == len(text) {
		return false
	}
	before, after := text[i-1], text[i+1]
	if changesShape(before) && changesShape(after) {
		return true
	}
	emoji := unicode.In(before, unicode.So, unicode.Sk) || before == '\uFE0F'
	return text[i] == '\u200D' && emoji && unicode.Is(unicode.So, after)
}

// changesShape reports whether r belongs to a script whose letters change their shape beside each other.
func changesShape(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M) && unicode.In(r,
		unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
		unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
}

// isSelector reports whether r chooses between the shapes of the character before it.
func isSelector(r rune) bool { return unicode.Is(unicode.Variation_Selector, r) }

// selectorAllowed reports whether the variation selector at i follows a character that has more than one shape.
func selectorAllowed(text []rune, i int) bool {
	return i > 0 && unicode.In(text[i-1], unicode.Han, unicode.Mongolian, unicode.Myanmar, unicode.Phags_Pa, unicode.So, unicode.Sm)
}
