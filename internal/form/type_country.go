package form

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"

	"docket/internal/i18n"
)

// Country is a country or territory of ISO 3166-1, by its alpha-3 code.
const Country Type = "country"

func countryType() fieldType {
	return fieldType{
		name: Country, check: checkCountry, missing: "answer.choose", show: showCountry,
		unknown: "is no country; use the three capital letters of ISO 3166-1, such as DEU or VNM",
		options: func(_ *Field, locale string) []Option { return countriesIn(locale) },
		schema: func(_ *Field, schema map[string]any) string {
			schema["enum"] = optionValues(countriesIn(i18n.Source))
			return "Three letters, as in ISO 3166-1."
		},
		control: func(*Field) Control { return Control{Element: ElementSelect} },
	}
}

func checkCountry(_ *Field, text string, _ time.Time) (string, Problem) {
	if _, ok := findCountry(text, i18n.Source); !ok {
		return "", newProblem(CodeNotAnOption, "answer.no_country")
	}
	return text, Problem{}
}

func showCountry(_ *Field, text string, words *i18n.Words) string {
	if option, ok := findCountry(text, words.Tag()); ok {
		return option.Label + " (" + text + ")"
	}
	return text
}

// Countries lists the countries and territories of ISO 3166-1 by their names in a language, with alpha-3 codes as values.
func Countries(locale string) []Option { return slices.Clone(countriesIn(locale)) }

// countriesIn is the list in a language, made when it is first used; in English when docket has no words in it.
func countriesIn(locale string) []Option { return countryLists()[i18n.Of(locale).Tag()]() }

var countryLists = sync.OnceValue(func() map[string]func() []Option {
	all := map[string]func() []Option{}
	for _, tag := range i18n.Tags() {
		all[tag] = sync.OnceValue(func() []Option { return listCountries(i18n.Of(tag)) })
	}
	return all
})

// listCountries is every country by its name in a language.
func listCountries(words *i18n.Words) []Option {
	names := display.Regions(language.Make(words.Tag()))
	var all []Option
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if region, ok := findRegion(string([]rune{a, b})); ok {
				all = append(all, Option{Value: region.ISO3(), Label: currentName(region.ISO3(), names.Name(region), words)})
			}
		}
	}
	slices.SortFunc(all, func(a, b Option) int { return cmp.Compare(withoutAccents(a.Label), withoutAccents(b.Label)) })
	return all
}

// findRegion is the country with this alpha-2 code. The library knows more regions than ISO lists today: former countries
// have no name any longer, and those that only its own users agreed on have no number or one above 900.
func findRegion(alpha2 string) (language.Region, bool) {
	region, err := language.ParseRegion(alpha2)
	if err != nil || !region.IsCountry() || region.Canonicalize().String() != alpha2 || region.M49() == 0 || region.M49() > 900 {
		return region, false
	}
	return region, display.English.Regions().Name(region) != ""
}

// currentName corrects the names of countries that changed theirs since the library's table was made.
func currentName(alpha3, name string, words *i18n.Words) string {
	switch alpha3 {
	case "MKD", "SWZ", "TUR":
		return words.T("country." + alpha3)
	}
	return name
}

// withoutAccents is a name without accents, so that Åland sorts under A and Đức under D.
func withoutAccents(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'Đ':
			return 'D'
		}
		return r
	}, norm.NFD.String(name))
}

// findCountry is the country with this alpha-3 code, by its name in a language.
func findCountry(alpha3, locale string) (Option, bool) {
	for _, option := range countriesIn(locale) {
		if option.Value == alpha3 {
			return option, true
		}
	}
	return Option{}, false
}
