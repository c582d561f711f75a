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

	"docket/internal/i18n"
)

// Countries lists the countries and territories of ISO 3166-1 by their names in a language, with alpha-3 codes as values.
func Countries(language string) []Option { return slices.Clone(countries(language)) }

// countries is the list in a language, made when it is first asked for; in English when docket does not speak it.
func countries(language string) []Option { return lists()[i18n.Of(language).Tag()]() }

var lists = sync.OnceValue(func() map[string]func() []Option {
	all := map[string]func() []Option{}
	for _, tag := range i18n.Tags() {
		all[tag] = sync.OnceValue(func() []Option { return list(i18n.Of(tag)) })
	}
	return all
})

// list is every country by its name in a language.
func list(words *i18n.Words) []Option {
	names := display.Regions(language.Make(words.Tag()))
	var all []Option
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if region, ok := listed(string([]rune{a, b})); ok {
				all = append(all, Option{Value: region.ISO3(), Label: renamed(region.ISO3(), names.Name(region), words)})
			}
		}
	}
	slices.SortFunc(all, func(a, b Option) int { return cmp.Compare(bare(a.Label), bare(b.Label)) })
	return all
}

// listed is the country with this alpha-2 code. The library knows more regions than ISO lists today: former countries
// have no name any longer, and those that only its own users agreed on have no number or one above 900.
func listed(alpha2 string) (language.Region, bool) {
	region, err := language.ParseRegion(alpha2)
	if err != nil || !region.IsCountry() || region.Canonicalize().String() != alpha2 || region.M49() == 0 || region.M49() > 900 {
		return region, false
	}
	return region, display.English.Regions().Name(region) != ""
}

// renamed corrects the names of countries that changed theirs since the library's table was made.
func renamed(alpha3, name string, words *i18n.Words) string {
	switch alpha3 {
	case "MKD", "SWZ", "TUR":
		return words.T("country." + alpha3)
	}
	return name
}

// bare is a name without accents, so that Åland sorts under A and Đức under D.
func bare(name string) string {
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

// country is the country with this alpha-3 code, by its name in a language.
func country(alpha3, language string) (Option, bool) {
	for _, option := range countries(language) {
		if option.Value == alpha3 {
			return option, true
		}
	}
	return Option{}, false
}
