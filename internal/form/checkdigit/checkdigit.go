// Package checkdigit checks numbers that have check digits: accounts, cards and other numbers that people copy.
package checkdigit

import "strings"

// Luhn reports whether the last digit is right by ISO/IEC 7812, as that of a card number: of at least two digits, every second from
// the right counts twice, and the sum is divisible by 10.
func Luhn(number string) bool {
	digits := compact(number)
	sum := 0
	for i := range len(digits) {
		value := digitOf(digits[len(digits)-1-i])
		if i%2 == 1 {
			value *= 2
		}
		if value < 0 {
			return false
		}
		sum += value/10 + value%10
	}
	return len(digits) > 1 && sum%10 == 0
}

// Mod97 reports whether the check digits are right by ISO 7064, MOD 97-10, as those at the end of an LEI: with each letter as a
// number from 10 to 35, the remainder of a division by 97 is 1.
func Mod97(number string) bool {
	remainder := 0
	for _, c := range []byte(compact(number)) {
		switch {
		case c >= 'A' && c <= 'Z':
			remainder = (remainder*100 + int(c-'A') + 10) % 97
		case digitOf(c) >= 0:
			remainder = (remainder*10 + digitOf(c)) % 97
		default:
			return false
		}
	}
	return remainder == 1
}

// Mod11 reports whether the last character is right as that of an ISBN-10 or an NHS number: of at least two digits, the sum of each
// with its place from the right is divisible by 11. The last one may be X, which is 10.
func Mod11(number string) bool {
	digits := compact(number)
	sum := 0
	for i := range len(digits) {
		c := digits[len(digits)-1-i]
		value := digitOf(c)
		if i == 0 && c == 'X' {
			value = 10
		}
		if value < 0 {
			return false
		}
		sum += value * (i + 1)
	}
	return len(digits) > 1 && sum%11 == 0
}

// compact is a number in capitals, without what people put between groups of digits.
func compact(number string) string {
	return strings.ToUpper(separators.Replace(number))
}

var separators = strings.NewReplacer(" ", "", "-", "", ".", "", "\u00a0", "", "\u202f", "")

// digitOf is the value of a digit; -1 of what is none.
func digitOf(c byte) int {
	if c < '0' || c > '9' {
		return -1
	}
	return int(c - '0')
}
