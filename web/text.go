package web

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const userMost = 128 // characters of a user id

// storable reports whether a text can stand in the place of a user id; empty can.
func storable(id string) bool {
	return utf8.ValidString(id) && utf8.RuneCountInString(id) <= userMost && strings.IndexFunc(id, unicode.IsControl) < 0
}

// writable reports whether a text of several lines can be kept and shown.
func writable(text string) bool {
	return utf8.ValidString(text) && strings.IndexFunc(text, func(c rune) bool {
		return unicode.IsControl(c) && c != '\n' && c != '\t' || unicode.Is(unicode.Bidi_Control, c)
	}) < 0
}

// whole reads a whole number above zero, in plain digits.
func whole(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || strconv.FormatInt(n, 10) != text {
		return 0, errMalformed
	}
	return n, nil
}
