package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/form/day"
	"docket/internal/form/finding"
)

// addReadFacts adds what rules see of pictures that are read: what stands in each, how it compares with the answers, and how many
// faces there are.
func addReadFacts(f *form.Form, add func(name string, variable *cel.Type)) {
	for field := range f.Fields() {
		for _, name := range readNames(field) {
			variable := cel.StringType
			if evidence.IsDate(name) {
				variable = cel.TimestampType
			}
			add(form.ReadFacts+field.Name+"."+name, variable)
		}
		if field.Faces != "" {
			add(form.FaceFacts+field.Name, cel.NullableType(cel.IntType))
		}
	}
	for _, read := range f.Reads {
		add(form.MatchFacts+read.Field, cel.StringType)
	}
}

// readNames are the names of all that can be read of the picture of a field, each once.
func readNames(field form.Field) (names []string) {
	for _, reader := range field.Readers {
		for _, name := range evidence.Names(reader) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// readFact is a fact of a picture that was read: "" for a text that was not, nil for a day or a count. False: there is no such fact.
func (a *activation) readFact(name string) (any, bool) {
	if field, ok := strings.CutPrefix(name, form.FaceFacts); ok {
		if faces := a.facts.Readings[field].Faces; faces != nil {
			return len(faces), true
		}
		return nil, true
	}
	if field, ok := strings.CutPrefix(name, form.MatchFacts); ok {
		found := finding.Matches(finding.Of(a.form, finding.Input(a.facts.Answers), a.facts.Readings, a.values.Today()))
		return string(found[field]), true
	}
	rest, ok := strings.CutPrefix(name, form.ReadFacts)
	if !ok {
		return nil, false
	}
	field, what, _ := strings.Cut(rest, ".")
	value, _ := a.facts.Readings[field].Value("", what)
	if evidence.IsDate(what) {
		if at, ok := day.Parse(value.Text); ok {
			return at, true
		}
		return nil, true
	}
	return value.Text, true
}
