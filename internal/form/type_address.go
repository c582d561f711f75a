package form

import (
	"slices"
	"time"
	"unicode/utf8"

	"docket/internal/country"
	"docket/internal/form/address"
	"docket/internal/i18n"
	"docket/internal/plaintext"
)

// PostalAddress is a postal address in parts. It is kept as a JSON object of those that are answered.
const PostalAddress Type = "address"

// maxPart is how many characters a part of an address may have.
const maxPart = 200

func addressType() fieldType {
	return fieldType{
		name: PostalAddress, keys: []string{"required_parts"}, maxLength: 2000, check: checkAddress, codes: []string{CodeNotAnOption},
		show: showAddress, fold: address.Fold, json: jsonAddress, schema: addressSchema,
		parts: func(*Field) (parts []part) {
			for _, name := range address.Names() {
				parts = append(parts, part{name, KindText, func(text string) any { return address.Parse(text)[name] }})
			}
			return parts
		},
		control: func(*Field) Control { return Control{Element: ElementAddress} },
	}
}

// checkAddress checks each part of an address.
func checkAddress(f *Field, text string, _ time.Time) (string, Problem) {
	parts, words := address.Parse(text), i18n.Of(f.Language)
	if parts == nil {
		return "", newProblem(CodeWrongType, "answer.no_address")
	}
	for _, name := range address.Names() {
		clean, fault := plaintext.Clean(parts[name], false)
		switch {
		case fault.Key != "":
			return "", newProblem(CodeBadCharacters, fault.Key, fault.Args...)
		case utf8.RuneCountInString(clean) > maxPart:
			return "", newProblem(CodeTooLong, "answer.too_long", "Count", maxPart)
		case name == address.Country && clean != "" && !country.IsPlace(clean):
			return "", newProblem(CodeNotAnOption, "answer.no_country")
		}
		parts[name] = clean
	}
	kept := address.Format(parts)
	for _, name := range f.RequiredParts {
		if kept != "" && parts[name] == "" {
			return "", newProblem(CodeRequired, "answer.fill_in", "Label", words.T("address."+name))
		}
	}
	return kept, Problem{}
}

func showAddress(_ *Field, text string, words *i18n.Words) string {
	parts := address.Parse(text)
	if parts == nil {
		return text
	}
	named, ok := country.Find(parts[address.Country], words.Tag())
	if !ok {
		named.Name = parts[address.Country]
	}
	return address.Line(parts, named.Name)
}

func addressSchema(f *Field, schema map[string]any) (note string) {
	properties := map[string]any{}
	for _, name := range address.Names() {
		one := map[string]any{"type": "string", "maxLength": maxPart}
		if slices.Contains(f.RequiredParts, name) {
			one["minLength"] = 1
		}
		if name == address.Country {
			one["enum"] = slices.DeleteFunc(optionValues(countryOptions(nil, i18n.Source)), func(code string) bool { return !country.IsPlace(code) })
		}
		properties[name] = one
	}
	schema["type"], schema["properties"], schema["required"], schema["additionalProperties"] = "object", properties, f.RequiredParts, false
	return ""
}
