package strictjson

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string and returns what it says: a part of the text itself when nothing in it is escaped.
func (r *reader) string() ([]byte, error) {
	r.at++
	run, b := r.at, []byte(nil) // what stands before run is in b
	for {
		switch c := r.peek(); {
		case r.at == len(r.text):
			return nil, r.wrong("the text ends inside of a string")
		case c == '"':
			r.at++
			if b == nil {
				return r.text[run : r.at-1], nil
			}
			return append(b, r.text[run:r.at-1]...), nil
		case c == '\\':
			b = append(b, r.text[run:r.at]...)
			char, err := r.escape()
			if err != nil {
				return nil, err
			}
			b, run = utf8.AppendRune(b, char), r.at
		case c < ' ':
			return nil, r.wrong("a control character must be written as an escape")
		case c < utf8.RuneSelf:
			r.at++
		default:
			char, size := utf8.DecodeRune(r.text[r.at:])
			if char == utf8.RuneError && size == 1 {
				return nil, r.wrong("this is not UTF-8")
			}
			r.at += size
		}
	}
}

// escape reads the escape at hand. What cannot be kept as text, NUL and half a surrogate pair, is refused.
func (r *reader) escape() (rune, error) {
	if r.at+1 < len(r.text) && r.text[r.at+1] == 'u' {
		return r.unicode()
	}
	const escapes, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if r.at+1 < len(r.text) {
		if i := strings.IndexByte(escapes, r.text[r.at+1]); i >= 0 {
			r.at += 2
			return rune(meanings[i]), nil
		}
	}
	return 0, r.wrong("no escape is written like this")
}

func (r *reader) unicode() (rune, error) {
	char, ok := r.hex(r.at)
	switch {
	case !ok:
		return 0, r.wrong("no escape is written like this")
	case char == 0:
		return 0, r.wrong("a text cannot hold the character NUL")
	case !utf16.IsSurrogate(char):
		r.at += 6
		return char, nil
	}
	low, _ := r.hex(r.at + 6)
	if char = utf16.DecodeRune(char, low); char == utf8.RuneError {
		return 0, r.wrong("this is one half of a surrogate pair")
	}
	r.at += 12
	return char, nil
}

// hex reads the six bytes \uXXXX that stand at a place.
func (r *reader) hex(at int) (rune, bool) {
	if at+6 > len(r.text) || r.text[at] != '\\' || r.text[at+1] != 'u' {
		return 0, false
	}
	char, err := strconv.ParseUint(string(r.text[at+2:at+6]), 16, 16)
	return rune(char), err == nil
}

// number reads a number. It must be one that a float64 can hold, and short when it is written out.
func (r *reader) number() error {
	begin := r.at
	r.skip('-')
	if !r.skip('0') && !r.digits() {
		return r.wrong("a digit must stand here")
	}
	if r.skip('.') && !r.digits() {
		return r.wrong("a digit must stand here")
	}
	mantissa := r.at
	if r.skip('e') || r.skip('E') {
		if !r.skip('-') {
			r.skip('+')
		}
		if !r.digits() {
			return r.wrong("a digit must stand here")
		}
	}
	if tooMuch(string(r.text[begin:mantissa]), string(r.text[mantissa:r.at])) {
		return &Error{begin, fmt.Sprintf("a number must fit a 64-bit float, with an exponent from -%d to %[1]d", exponentMost)}
	}
	return nil
}

func tooMuch(mantissa, exponent string) bool {
	if len(mantissa)+len(exponent) > numberMost {
		return true
	}
	if exponent != "" {
		power, err := strconv.Atoi(exponent[1:])
		if err != nil || power > exponentMost || power < -exponentMost {
			return true
		}
	}
	value, err := strconv.ParseFloat(mantissa+exponent, 64)
	return err != nil || math.Abs(value) < 1e-308 && strings.ContainsAny(mantissa, "123456789")
}

// digits passes one digit or more.
func (r *reader) digits() bool {
	begin := r.at
	for digit(r.peek()) {
		r.at++
	}
	return r.at > begin
}

func digit(c byte) bool { return '0' <= c && c <= '9' }
