package form

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"docket/internal/form/checkdigit"
	"docket/internal/i18n"
	"docket/internal/plaintext"
)

// IBAN is an international bank account number (ISO 13616), kept in capitals without spaces.
const IBAN Type = "iban"

// CodeBadIBAN is the problem of what is no IBAN.
const CodeBadIBAN = "bad_iban"

func ibanType() fieldType {
	return fieldType{
		name: IBAN, maxLength: 42, plain: true, check: checkIBAN, codes: []string{CodeBadIBAN},
		show: func(_ *Field, text string, _ *i18n.Words) string { return checkdigit.GroupByFour(text) },
		schema: func(f *Field, schema map[string]any) string {
			schema["pattern"], schema["maxLength"] = "^[ \u00a0\u202f]*[A-Za-z]{2}[A-Za-z0-9 \u00a0\u202f]+$", f.MaxLength
			return "An IBAN (ISO 13616) with right check digits, with or without spaces."
		},
		control: func(*Field) Control {
			return Control{Element: ElementInput, InputType: "text", NoSpellcheck: true, HasMaxLength: true}
		},
	}
}

// checkIBAN checks an IBAN.
func checkIBAN(_ *Field, text string, _ time.Time) (string, Problem) {
	number, ok := ParseIBAN(text)
	if !ok {
		return "", newProblem(CodeBadIBAN, "answer.bad_iban")
	}
	return number, Problem{}
}

// ParseIBAN reads an IBAN of a country that has them, in capitals and without spaces; false when the country, the length or the check
// digits are wrong.
func ParseIBAN(text string) (number string, ok bool) {
	number = strings.ToUpper(strings.ReplaceAll(plaintext.PlainSigns(text), " ", ""))
	if !plainIBAN().MatchString(number) || len(number) != ibanLengths()[number[:2]] {
		return "", false
	}
	return number, checkdigit.Mod97(number[4:] + number[:4])
}

// plainIBAN has two check digits from 02 to 98.
var plainIBAN = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Z]{2}(?:0[2-9]|[1-8][0-9]|9[0-8])[A-Z0-9]+$`)
})

// ibanLengths is how long the IBANs of each country are, from the registry of ISO 13616.
var ibanLengths = sync.OnceValue(func() map[string]int {
	lengths := map[string]int{}
	for length, countries := range map[int]string{
		15: "NO", 16: "BE", 18: "DK FI FK FO GL NL SD", 19: "MK SI", 20: "AT BA EE KZ LT LU MN XK", 21: "CH HR LI LV",
		22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ OM SO TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG", 25: "LY PT ST",
		26: "IS TR", 27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HN HU LB NI PL SV", 29: "BR EG PS QA UA",
		30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
	} {
		for country := range strings.FieldsSeq(countries) {
			lengths[country] = length
		}
	}
	return lengths
})
