package form

import (
	"time"

	"docket/internal/country"
	"docket/internal/i18n"
)

// Country is a country or territory of ISO 3166-1, by its alpha-3 code, or what else documents have in its place.
const Country Type = "country"

func countryType() fieldType {
	return fieldType{
		name: Country, keys: []string{"likely"}, check: checkCountry, missing: "answer.choose", show: showCountry,
		options: countryOptions,
		schema: func(_ *Field, schema map[string]any) string {
			schema["enum"] = optionValues(countryOptions(nil, i18n.Source))
			return "Three letters, as in ISO 3166-1 and ICAO Doc 9303."
		},
		control: func(*Field) Control { return Control{Element: ElementSelect} },
	}
}

func checkCountry(_ *Field, text string, _ time.Time) (string, Problem) {
	text = country.Canonical(text)
	if _, ok := country.Find(text, i18n.Source); !ok {
		return "", newProblem(CodeNotAnOption, "answer.no_country")
	}
	return text, Problem{}
}

func showCountry(_ *Field, text string, words *i18n.Words) string {
	if named, ok := country.Find(text, words.Tag()); ok {
		return named.Name + " (" + text + ")"
	}
	return text
}

func countryOptions(_ *Field, locale string) []Option {
	countries := country.ListOfDocuments(locale)
	options := make([]Option, len(countries))
	for i, c := range countries {
		options[i] = Option{Value: c.Code, Label: c.Name}
	}
	return options
}
