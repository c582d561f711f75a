package citizencard

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"docket/internal/plaintext"
)

// The names of the fields of a Vietnamese card.
const (
	Number    = "number"
	OldNumber = "old_number"
	Name      = "name"
	Birth     = "birth"
	Sex       = "sex" // "female" or "male"
	Address   = "address"
	Issued    = "issued"
)

// vietnam is the layout of the code of Vietnamese cards: on the front of those issued before July 2024, on the back of those issued
// since. Newer ones may list more behind these fields.
var vietnam = Layout{"|", []string{Number, OldNumber, Name, Birth + ": ddmmyyyy", Sex, Address, Issued + ": ddmmyyyy"}, 4}

// Vietnamese reads the code of a Vietnamese citizen card. What is not as such a card has it is left out: it is not known. False: the
// code does not begin with the number of a card, and is of something else.
func Vietnamese(code string) (map[string]string, bool) {
	read, ok := vietnam.Read(code)
	if _, isNumber := ParseNumber(read[Number]); !ok || !isNumber {
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

// Holder is what the number of a Vietnamese citizen card says of its holder.
type Holder struct {
	Province  string // its code of three digits; those above 096 are countries and what is not known
	Known     bool   // whether the code is that of a province
	Sex       string // "female" or "male"
	BirthYear int
}

// ParseNumber reads the number of a Vietnamese citizen card: twelve digits. False: it is none.
func ParseNumber(number string) (Holder, bool) {
	if len(number) != 12 || number != justDigits(number) {
		return Holder{}, false
	}
	century := int(number[3] - '0')
	year, err := strconv.Atoi(number[4:6])
	if err != nil {
		return Holder{}, false
	}
	holder := Holder{Province: number[:3], Sex: "male", BirthYear: 1900 + century/2*100 + year}
	holder.Known = slices.Contains(strings.Fields(provinces), holder.Province)
	if century%2 == 1 {
		holder.Sex = "female"
	}
	return holder, true
}

// provinces are the codes by which numbers have been given: of the provinces before they were merged in 2025.
const provinces = `001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046 048
	049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096`

// Fact is something that the number of a card says, and another answer says otherwise.
type Fact string

// The facts that CheckNumber compares.
const (
	FactSex       Fact = "sex"
	FactBirthYear Fact = "birth_year"
	FactProvince  Fact = "province" // the number begins with the code of no province: its holder was not born in one
)

// CheckNumber compares what a number says with the date of birth, YYYY-MM-DD or a part of it, and the sex, "female" or "male"; what is
// empty is not compared. Nil: nothing speaks against it.
func CheckNumber(number, birth, sex string) (odd []Fact) {
	holder, ok := ParseNumber(number)
	if !ok {
		return nil
	}
	if (sex == "female" || sex == "male") && sex != holder.Sex {
		odd = append(odd, FactSex)
	}
	if year, _, _ := strings.Cut(birth, "-"); year != "" && year != strconv.Itoa(holder.BirthYear) {
		odd = append(odd, FactBirthYear)
	}
	if !holder.Known {
		odd = append(odd, FactProvince)
	}
	return odd
}
