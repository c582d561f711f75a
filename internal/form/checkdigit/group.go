package checkdigit

import "strings"

// GroupByFour is a number in groups of four characters, as people copy it.
func GroupByFour(number string) string {
	var b strings.Builder
	for i, r := range []rune(number) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}
