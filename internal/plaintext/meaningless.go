package plaintext

import "unicode"

// removeMeaningless removes the characters that show nothing and change nothing where they stand: marks of direction, joiners and
// selectors beside letters that do not need them, spaces without width, soft hyphens. They come along when text is copied.
func removeMeaningless(text []rune) []rune {
	kept := make([]rune, 0, len(text))
	for i, r := range text {
		if !isRemovable(r) || isNeeded(kept, r, nextVisible(text[i+1:])) {
			kept = append(kept, r)
		}
	}
	return kept
}

// isRemovable reports whether r means something only beside certain letters, or nowhere.
func isRemovable(r rune) bool {
	switch {
	case r < '\u00ad':
		return false
	case isDirectional(r), isJoiner(r), isSelector(r), r == zeroWidthSpace, r == vowelSeparator:
		return true
	case r == '\u00ad', r == '\u034f', r == '\ufeff': // soft hyphen, grapheme joiner, byte order mark
		return true
	}
	return r >= '\u2060' && r <= '\u2064' || r >= '\u206a' && r <= '\u206f' // word joiner, operators that cannot be seen; shapes no longer in use
}

const (
	zeroWidthSpace = '\u200b'
	vowelSeparator = '\u180e' // of Mongolian
)

// isNeeded reports whether writing needs r between what stands before it and the visible character after it; zero when there is none.
func isNeeded(kept []rune, r, after rune) bool {
	if len(kept) == 0 {
		return false
	}
	before := kept[len(kept)-1]
	switch {
	case isJoiner(r):
		return joins(before, r, after)
	case isSelector(r):
		return hasShapes(before)
	case r == zeroWidthSpace:
		return writtenWithoutSpaces(before) && writtenWithoutSpaces(after)
	case r == vowelSeparator:
		return unicode.Is(unicode.Mongolian, before) && unicode.Is(unicode.Mongolian, after)
	}
	return false
}

// nextVisible is the first character that is not removable; zero when there is none.
func nextVisible(text []rune) rune {
	for _, r := range text {
		if !isRemovable(r) {
			return r
		}
	}
	return 0
}

// joins reports whether the joiner r stands where writing needs it: between letters of a script that shapes them, or between the parts of
// one emoji.
func joins(before, r, after rune) bool {
	if changesShape(before) && changesShape(after) {
		return true
	}
	emoji := unicode.In(before, unicode.So, unicode.Sk) || before == '\uFE0F'
	return r == '\u200D' && emoji && unicode.Is(unicode.So, after)
}

// changesShape reports whether r belongs to a script whose letters change their shape beside each other.
func changesShape(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M) && unicode.In(r,
		unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Devanagari, unicode.Bengali,
		unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
		unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Tibetan)
}

// writtenWithoutSpaces reports whether r is a letter of a script that puts no spaces between words; a space without width then says where
// a word ends.
func writtenWithoutSpaces(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M) && unicode.In(r,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Javanese, unicode.Balinese,
		unicode.Tai_Tham, unicode.New_Tai_Lue, unicode.Tai_Le, unicode.Tai_Viet, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Yi)
}

// hasShapes reports whether r has more than one shape, between which a selector behind it chooses.
func hasShapes(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Mongolian, unicode.Myanmar, unicode.Phags_Pa, unicode.So, unicode.Sm)
}
