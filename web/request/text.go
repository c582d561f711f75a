package request

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

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

// TidyText is how a comment or a note is kept: in NFC, with plain line ends and nothing around it.
func TidyText(text string) string {
	return norm.NFC.String(strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")))
}

// ParseVersion reads a whole number above zero, in plain digits.
func ParseVersion(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, problem.ErrMalformed
	}
	return n, nil
}
