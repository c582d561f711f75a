package plaintext

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// checkCharacters is what is wrong with the first character that a text may not hold.
func checkCharacters(text []rune, multiline bool) Fault {
	marks := 0
	for _, r := range text {
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
		if key := forbiddenKey(r, multiline); key != "" {
			return Fault{key, []any{"Character", fmt.Sprintf("%U", r)}}
		}
	}
	return Fault{}
}

// forbiddenKey names what to say of a character; "" when a text may have it. What is removable is only there where it is needed.
func forbiddenKey(r rune, multiline bool) string {
	switch {
	case (r == '\n' || r == '\t') && multiline:
		return ""
	case r == '\n' || r == '\r' || r == '\t' || unicode.In(r, unicode.Zl, unicode.Zp):
		return "answer.line_break"
	case unicode.IsControl(r):
		return "answer.control_character"
	case isRemovable(r), unicode.Is(unicode.Prepended_Concatenation_Mark, r): // these are signs of numbers, which can be seen
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

// isDirectional reports whether r overrides or marks the direction of writing. A page isolates the direction of each answer instead.
func isDirectional(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }

// isInvisible reports whether r leaves no trace on the page: formats, fillers, tags, selectors, blanks.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) || r == '\u2800'
}

// isJoiner reports whether r is ZWNJ or ZWJ, which shape the letters beside them.
func isJoiner(r rune) bool { return unicode.Is(unicode.Join_Control, r) }

// isSelector reports whether r chooses between the shapes of the character before it.
func isSelector(r rune) bool { return unicode.Is(unicode.Variation_Selector, r) }
