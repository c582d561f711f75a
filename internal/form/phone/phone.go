// Package phone has telephone numbers as people write them.
package phone

import (
	"regexp"
	"strings"
	"sync"
)

// Pattern is the regular expression of a number.
const Pattern = `^[0-9 +()./-]+(` + extension + `)?$`

// extension is what is dialed behind a number, as people write it in several languages.
const extension = `[ ,;]*([Ee][Xx][Tt]([Nn]|[Ee][Nn][Ss][Ii][Oo][Nn])?|[Xx]|#|[Mm]áy lẻ|[Pp]oste|[Ii]nt|[Aa]nexo|[Rr]amal|[Дд]об)[ .:=]*[0-9]{1,8}`

var (
	wholeNumber  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(Pattern) })
	endExtension = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(extension + `$`) })
)

// longVowels are marks of Japanese that keyboards write in place of a hyphen.
var longVowels = strings.NewReplacer("ー", "-", "ｰ", "-")

// Parse is a number of 6 to 15 digits as it was typed, in the digits of ASCII; false when it is none.
func Parse(typed string) (number string, ok bool) {
	number, digits := longVowels.Replace(typed), 0
	for _, r := range Main(number) {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return number, wholeNumber().MatchString(number) && digits >= 6 && digits <= 15
}

// Main is a number without its extension.
func Main(number string) string { return endExtension().ReplaceAllString(number, "") }
