// Package country lists the countries and territories of ISO 3166-1, and what else documents have in their place.
package country

import (
	"cmp"
	"slices"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"docket/internal/i18n"
	"docket/internal/plaintext"
)

// Country is a country or territory.
type Country struct {
	Code string // alpha-3
	Name string
}

// List is every country by its name in a language; in English when docket has no words in that. It may not be changed. Kosovo is one of
// them, as XKX, which ISO leaves to its users.
func List(locale string) []Country {
	all := ListOfDocuments(locale)
	return all[:len(all)-len(others)]
}

// ListOfDocuments is List, and after the countries what else a document may have as the nationality of its holder or as its issuer.
func ListOfDocuments(locale string) []Country {
	words := i18n.Of(locale)
	made, _ := lists.LoadOrStore(words.Tag(), sync.OnceValue(func() []Country { return listCountries(words) }))
	list, _ := made.(func() []Country)
	return list()
}

// IsPlace reports whether this is the code of a country or territory.
func IsPlace(code string) bool {
	_, known := Find(code, i18n.Source)
	return known && !slices.Contains(others, code)
}

// Find is the country, or what else documents have in its place, with this code of three letters, by its name in a language; false when
// there is none.
func Find(code, locale string) (Country, bool) {
	for _, c := range ListOfDocuments(locale) {
		if c.Code == code {
			return c, true
		}
	}
	return Country{}, false
}

// lists are the lists in each language, by its tag, each made when it is first used: languages may be added until then.
var lists sync.Map

// listCountries is every country by its name in a language.
func listCountries(words *i18n.Words) []Country {
	names := display.Regions(language.Make(words.Tag()))
	var all []Country
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if region, ok := findRegion(string([]rune{a, b})); ok {
				all = append(all, Country{Code: region.ISO3(), Name: currentName(region.ISO3(), names.Name(region), words)})
			}
		}
	}
	all = append(all, Country{Code: kosovo, Name: words.T("country." + kosovo)})
	slices.SortFunc(all, func(a, b Country) int { return cmp.Compare(plaintext.Fold(a.Name), plaintext.Fold(b.Name)) })
	for _, code := range others {
		all = append(all, Country{Code: code, Name: words.T("country." + code)})
	}
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
