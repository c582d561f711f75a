package form

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/unicode/norm"
)

// Countries lists the countries and territories of ISO 3166-1 by their English names, with alpha-3 codes as values.
func Countries() []Option { return slices.Clone(countries()) }

var countries = sync.OnceValue(func() []Option {
	var all []Option
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if option, ok := listed(string([]rune{a, b})); ok {
				all = append(all, option)
			}
		}
	}
	slices.SortFunc(all, func(a, b Option) int { return cmp.Compare(bare(a.Label), bare(b.Label)) })
	return all
})

// listed is the country with this alpha-2 code. The library knows more regions than ISO lists today: former countries
// have no name any longer, and those that only its own users agreed on have no number or one above 900.
func listed(alpha2 string) (Option, bool) {
	region, err := language.ParseRegion(alpha2)
	if err != nil || !region.IsCountry() || region.Canonicalize().String() != alpha2 || region.M49() == 0 || region.M49() > 900 {
		return Option{}, false
	}
	name := display.English.Regions().Name(region)
	return Option{Value: region.ISO3(), Label: renamed(name)}, name != ""
}

// renamed corrects the names of countries that changed theirs since the library's table was made.
func renamed(name string) string {
	switch name {
	case "Macedonia":
		return "North Macedonia"
	case "Swaziland":
		return "Eswatini"
	case "Turkey":
		return "Türkiye"
	}
	return name
}

// bare is a name without accents, so that Åland sorts under A.
func bare(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(name))
}

// country is the country with this alpha-3 code.
func country(alpha3 string) (Option, bool) {
	for _, option := range countries() {
		if option.Value == alpha3 {
			return option, true
		}
	}
	return Option{}, false
}
