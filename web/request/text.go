package request

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"docket/internal/plaintext"
	"docket/web/problem"
)

const (
	// MaxUserID is how many characters the id of a user has at most.
	MaxUserID = 128
	// MaxText is how many characters a comment or a note has at most.
	MaxText = 4000
)

// ValidUserID reports whether a text can stand in the place of a user id; empty can.
func ValidUserID(id string) bool {
	return utf8.ValidString(id) && utf8.RuneCountInString(id) <= MaxUserID && strings.IndexFunc(id, unicode.IsControl) < 0
}

// ValidText reports whether a text of several lines can be kept and shown.
func ValidText(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, func(c rune) bool {
		return unicode.IsControl(c) && c != '\n' && c != '\t' || unicode.Is(unicode.Bidi_Control, c)
	}) < 0
}

// TidyText is how a comment or a note is kept: in NFC, with plain line ends and nothing around it, and without what comes along when text
// is copied and means nothing. A direction that changes inside a word can only deceive: it stays, and ValidText refuses it.
func TidyText(text string) string {
	if turnedWord().MatchString(text) {
		return text
	}
	return plaintext.Tidy(text)
}

var turnedWord = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\pL[\x{202a}-\x{202e}\x{2066}-\x{2069}]+\pL`) })

// ParseVersion reads a whole number above zero, in plain digits.
func ParseVersion(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, problem.ErrMalformed
	}
	return n, nil
}
