package formfile

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"docket/internal/country"
	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/spelling"
)

// readLikely reads which countries are offered first.
func (r *reader) readLikely(m mapping) (codes []string) {
	for _, n := range r.readList(m, "likely") {
		if !r.checkKind(n, yaml.ScalarNode, "a country") {
			continue
		}
		code := country.Canonical(n.Value)
		if _, known := country.Find(code, i18n.Source); !known {
			r.addMistake(n, "no country has the code %q%s; use a code of three letters such as VNM", n.Value, spelling.Suggestion(n.Value, countryCodes()))
		} else if slices.Contains(codes, code) {
			r.addMistake(n, "%q stands here a second time; keep one of them", n.Value)
		}
		codes = append(codes, code)
	}
	return codes
}

func countryCodes() (codes []string) {
	for _, c := range country.ListOfDocuments(i18n.Source) {
		codes = append(codes, c.Code)
	}
	return codes
}

// checkCountryProposed checks which answer a field of the form proposes: that of another country, outside of groups. A field of an approval
// proposes any.
func (r *reader) checkCountryProposed(m mapping, field form.Field, kind string) {
	at, given := m.entries["proposes"]
	if !given || kind != "field" {
		return
	}
	switch {
	case field.Type != form.Country:
		r.addMistake(at.key, `"proposes" makes no sense for a field of type %s; it belongs to country`, field.Type)
	case r.group != "":
		r.addMistake(at.key, `a field of a group proposes nothing; delete the line`)
	case field.From != "" || field.Default != "":
		r.addMistake(at.key, `"proposes" and an answer that is known from the start exclude each other; delete one of the two`)
	case at.value.Value == field.Name:
		r.addMistake(at.value, `%q cannot propose its own answer; name another field`, field.Name)
	}
	r.deferCheck(func(f *form.Form) {
		if source, _ := f.Field(at.value.Value); field.Type == form.Country && source.Name != "" && source.Type != form.Country {
			r.addMistake(at.value, `%q is of type %s; name a field of type country`, source.Name, source.Type)
		}
	})
}
