package strictjson

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// readString reads a string and returns its value: a part of the text itself when nothing in it is escaped.
func (r *reader) readString() ([]byte, error) {
	r.at++
	run, b := r.at, []byte(nil) // what stands before run is in b
	for {
		switch c := r.peek(); {
		case r.at == len(r.text):
			return nil, r.errorAt("the text ends inside of a string")
		case c == '"':
			r.at++
			if b == nil {
				return r.text[run : r.at-1], nil
			}
			return append(b, r.text[run:r.at-1]...), nil
		case c == '\\':
			b = append(b, r.text[run:r.at]...)
			char, err := r.readEscape()
			if err != nil {
				return nil, err
			}
			b, run = utf8.AppendRune(b, char), r.at
		case c < ' ':
			return nil, r.errorAt("a control character must be written as an escape")
		case c < utf8.RuneSelf:
			r.at++
		default:
			char, size := utf8.DecodeRune(r.text[r.at:])
			if char == utf8.RuneError && size == 1 {
				return nil, r.errorAt("this is not UTF-8")
			}
			r.at += size
		}
	}
}

// readEscape reads an escape. It refuses NUL and half a surrogate pair, which the database cannot store.
func (r *reader) readEscape() (rune, error) {
	if r.at+1 < len(r.text) && r.text[r.at+1] == 'u' {
		return r.readUnicodeEscape()
	}
	const escapes, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if r.at+1 < len(r.text) {
		if i := strings.IndexByte(escapes, r.text[r.at+1]); i >= 0 {
			r.at += 2
			return rune(meanings[i]), nil
		}
	}
	return 0, r.errorAt("no escape is written like this")
}

func (r *reader) readUnicodeEscape() (rune, error) {
	char, ok := r.hexAt(r.at)
	switch {
	case !ok:
		return 0, r.errorAt("no escape is written like this")
	case char == 0:
		return 0, r.errorAt("a text cannot hold the character NUL")
	case !utf16.IsSurrogate(char):
		r.at += 6
		return char, nil
	}
	low, _ := r.hexAt(r.at + 6)
	if char = utf16.DecodeRune(char, low); char == utf8.RuneError {
		return 0, r.errorAt("this is one half of a surrogate pair")
	}
	r.at += 12
	return char, nil
}

// hexAt reads the six bytes \uXXXX at a position.
func (r *reader) hexAt(at int) (rune, bool) {
	if at+6 > len(r.text) || r.text[at] != '\\' || r.text[at+1] != 'u' {
		return 0, false
	}
	char, err := strconv.ParseUint(string(r.text[at+2:at+6]), 16, 16)
	return rune(char), err == nil
}

// readNumber reads a number. It must fit a float64 and have a small exponent.
func (r *reader) readNumber() error {
	begin := r.at
	r.skip('-')
	if !r.skip('0') && !r.skipDigits() {
		return r.errorAt("a digit must stand here")
	}
	if r.skip('.') && !r.skipDigits() {
		return r.errorAt("a digit must stand here")
	}
	mantissa := r.at
	if r.skip('e') || r.skip('E') {
		if !r.skip('-') {
			r.skip('+')
		}
		if !r.skipDigits() {
			return r.errorAt("a digit must stand here")
		}
	}
	if exceedsFloat(string(r.text[begin:mantissa]), string(r.text[mantissa:r.at])) {
		return &Error{begin, fmt.Sprintf("a number must fit a 64-bit float, with an exponent from -%d to %[1]d", maxExponent)}
	}
	return nil
}

func exceedsFloat(mantissa, exponent string) bool {
	if len(mantissa)+len(exponent) > maxNumber {
		return true
	}
	if exponent != "" {
		power, err := strconv.Atoi(exponent[1:])
		if err != nil || power > maxExponent || power < -maxExponent {
			return true
		}
	}
	value, err := strconv.ParseFloat(mantissa+exponent, 64)
	return err != nil || math.Abs(value) < 1e-308 && strings.ContainsAny(mantissa, "123456789")
}

// skipDigits reads digits and reports whether there was at least one.
func (r *reader) skipDigits() bool {
	begin := r.at
	for isDigit(r.peek()) {
		r.at++
	}
	return r.at > begin
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
