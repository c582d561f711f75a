package citizencard

import (
	"strings"
	"unicode"

	"docket/internal/plaintext"
)

// The names of the fields of a Vietnamese card, as package evidence has them.
const (
	Number    = "number"
	OldNumber = "old_number"
	Name      = "name"
	Birth     = "birth_date"
	Sex       = "sex" // "female" or "male"
	Address   = "address"
	Issued    = "issue_date"
)

// vietnam is the layout of the code of Vietnamese cards: on the front of those issued before July 2024, on the back of those issued
// since. Newer ones may list more behind these fields.
var vietnam = Layout{"|", []string{Number, OldNumber, Name, Birth + ": ddmmyyyy", Sex, Address, Issued + ": ddmmyyyy"}, 4}

// Vietnamese reads the code of a Vietnamese citizen card. What is not as such a card has it is left out: it is not known. False: the
// code does not begin with the number of a card, and is of something else.
func Vietnamese(code string) (map[string]string, bool) {
	read, ok := vietnam.Read(code)
	if !ok || !IsNumber(read[Number]) {
		return nil, false
	}
	for name, plausible := range map[string]func(string) bool{
		OldNumber: func(value string) bool { return value == justDigits(value) && (len(value) == 9 || len(value) == 12) },
		Name:      func(value string) bool { return !strings.ContainsFunc(value, unicode.IsDigit) },
		Sex:       func(value string) bool { return sexes[plaintext.Fold(value)] != "" },
	} {
		if value, has := read[name]; has && !plausible(value) {
			delete(read, name)
		}
	}
	if sex, has := read[Sex]; has {
		read[Sex] = sexes[plaintext.Fold(sex)]
	}
	return read, true
}

// sexes are as cards name them, without the marks of letters.
var sexes = map[string]string{"nam": "male", "nu": "female"}

// IsNumber reports whether a text is like the number of a Vietnamese citizen card: twelve digits.
func IsNumber(text string) bool { return len(text) == 12 && text == justDigits(text) }
