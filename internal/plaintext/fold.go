package plaintext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	combiningA = '\u0300' // the first of the combining diacritical marks
	combiningZ = '\u036f' // the last of them
)

// letters that Unicode does not take apart, as people type them without their marks.
var plainLetters = strings.NewReplacer(
	"đ", "d", "ð", "d", "ø", "o", "ł", "l", "ħ", "h", "ŧ", "t", "ı", "i", "ß", "ss", "æ", "ae", "œ", "oe", "þ", "th",
)

// Fold is a text in lower case, without the marks of letters: "Nguyễn Đức" and "nguyen duc" are the same. It is used for what is
// kept and for what is searched.
func Fold(text string) string {
	if printableASCII(text) {
		return strings.ToLower(text)
	}
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, "\ufffd")) { // else the letter after what is broken keeps its marks
		if r >= combiningA && r <= combiningZ {
			continue
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return norm.NFC.String(plainLetters.Replace(b.String()))
}
