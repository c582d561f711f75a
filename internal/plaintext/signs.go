package plaintext

import (
	"strings"
	"unicode"
)

// PlainSpaces is a text with the space of the keyboard for each that does not break a line.
func PlainSpaces(text string) string {
	return strings.TrimSpace(fixedSpaces.Replace(text))
}

var fixedSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2007", " ")

// PlainSigns is a number, an address or a code as a keyboard writes it: digits of every script, letters and signs of full width, hyphens
// and spaces of every length become those of ASCII. What has none there stays.
func PlainSigns(text string) string { return strings.TrimSpace(strings.Map(plainSign, text)) }

// plainSign is the sign of ASCII that means the same as r; r when there is none.
func plainSign(r rune) rune {
	switch {
	case r < 0x80:
		return r
	case unicode.Is(unicode.Zs, r):
		return ' '
	case r >= '\uff01' && r <= '\uff5e': // full width
		return r - '\uff01' + '!'
	case unicode.Is(unicode.Nd, r):
		return '0' + digitValue(r)
	}
	if plain, ok := plainSigns[r]; ok {
		return plain
	}
	return r
}

// plainSigns are signs that keyboards and programs write in place of those of ASCII.
var plainSigns = map[rune]rune{
	'\u2010': '-', '\u2011': '-', '\u2012': '-', '\u2013': '-', '\u2014': '-', '\u2015': '-', '\u2212': '-', '\ufe63': '-', // hyphens, dashes, minus
	'\u066b': '.', '\u066c': ',', '\u3002': '.', '\uff61': '.', // of Arabic numbers, of Chinese addresses
}

// digitValue is 0 to 9: the ranges of digits in Unicode are sets of ten that follow each other.
func digitValue(r rune) rune {
	for _, digits := range unicode.Nd.R16 {
		if r >= rune(digits.Lo) && r <= rune(digits.Hi) {
			return (r - rune(digits.Lo)) % 10
		}
	}
	for _, digits := range unicode.Nd.R32 {
		if r >= rune(digits.Lo) && r <= rune(digits.Hi) {
			return (r - rune(digits.Lo)) % 10
		}
	}
	return 0
}
