package mrz

// CheckDigit is ICAO's check digit: the sum of the characters' values, times 7, 3, 1 and so on, modulo 10. It finds every wrong
// digit, but not a letter for one that is worth the same modulo 10, such as G for 6.
func CheckDigit(over string) byte {
	sum := 0
	for i, r := range []byte(over) {
		sum += charValue(rune(r)) * [...]int{7, 3, 1}[i%3]
	}
	return byte('0' + sum%10)
}

// Value is what a character of a zone counts in a check digit.
func Value(character byte) int { return charValue(rune(character)) }

// charValue is what a character counts, −1 for one that cannot stand in a zone.
func charValue(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= 'A' && r <= 'Z':
		return int(r-'A') + 10
	case r == '<':
		return 0
	}
	return -1
}
