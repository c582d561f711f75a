package rules

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"

	"docket/internal/evidence"
	"docket/internal/form"
	"docket/internal/form/day"
	"docket/internal/form/finding"
)

// addReadFacts adds what rules see of pictures that are read: what stands in each, how it compares with the answers, and how many
// faces there are. Of the rows of a group it is a list, with one for each row.
func addReadFacts(f *form.Form, add func(name string, variable *cel.Type)) {
	for field := range readable(f) {
		addFact := func(name string, variable *cel.Type) {
			if field.Cell.Group != "" {
				variable = cel.ListType(variable)
			}
			add(name, variable)
		}
		for _, name := range readNames(field) {
			variable := cel.StringType
			if evidence.IsDate(name) {
				variable = cel.TimestampType
			}
			addFact(form.ReadFacts+field.Name+"."+name, variable)
		}
		if field.Faces != "" {
			addFact(form.FaceFacts+field.Name, cel.NullableType(cel.IntType))
		}
		if _, compared := f.ReadOf(field.Name); compared {
			addFact(form.MatchFacts+field.Name, cel.StringType)
		}
		if field.Citizen != nil {
			addFact(form.MatchFacts+field.Name+form.CitizenNumberFact, cel.StringType)
		}
	}
}

// readable yields the fields of a form, and those in the rows of groups, under names such as "owners.passport".
func readable(f *form.Form) iter.Seq[form.Field] {
	return func(yield func(form.Field) bool) {
		for field := range f.Fields() {
			if !yield(field) {
				return
			}
			if field.Rows == nil {
				continue
			}
			for _, name := range field.Rows.Form.Names() {
				if inside, _ := f.Field(field.Name + "." + name); !yield(inside) {
					return
				}
			}
		}
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

// readFact is a fact of a picture that was read: "" for a text that was not, nil for a day or a count; of the rows of a group a list of
// them. False: there is no such fact.
func (a *activation) readFact(name string) (any, bool) {
	var what string
	field, ok := strings.CutPrefix(name, form.ReadFacts)
	if ok {
		at := strings.LastIndex(field, ".")
		field, what = field[:at], field[at+1:]
		return a.ofEachRow(field, func(field string) any { return a.readIn(field, what) }), true
	}
	if field, ok = strings.CutPrefix(name, form.FaceFacts); ok {
		return a.ofEachRow(field, a.facesIn), true
	}
	if field, ok = strings.CutPrefix(name, form.MatchFacts); ok {
		said := ""
		if name, ok := strings.CutSuffix(field, form.CitizenNumberFact); ok {
			field, said = name, form.CitizenNumberFact
		}
		return a.ofEachRow(field, func(field string) any { return string(cmp.Or(a.matches(said)[field+said], evidence.Unread)) }), true
	}
	return nil, false
}

// matches is how the answers compare with what was read, by field, and with what citizen numbers say. Where nothing was read and no citizen
// number is asked about nothing is compared: that takes as long as checking the answers.
func (a *activation) matches(said string) map[string]evidence.Match {
	if a.compared == nil && (len(a.facts.Readings) > 0 || said != "") {
		a.compared = finding.AllMatches(a.form, finding.Input(a.form, a.facts.Answers), a.facts.Readings, a.facts.Now)
	}
	return a.compared
}

// ofEachRow is a fact of a field; of one in the rows of a group a list of the fact in each of them.
func (a *activation) ofEachRow(name string, fact func(field string) any) any {
	field, _ := a.form.Field(name)
	if field.Cell.Group == "" {
		return fact(name)
	}
	all := []any{}
	for _, answer := range a.facts.Answers {
		if answer.Name != field.Cell.Group {
			continue
		}
		for slot := range answer.Texts {
			all = append(all, fact(form.RowName(field.Cell.Group, slot)+"."+field.Cell.Name))
		}
	}
	return all
}

// readIn is what was read under a name in the picture of a field; nil for a day that was not.
func (a *activation) readIn(field, name string) any {
	value, _ := a.facts.Readings[field].Value("", name)
	if !evidence.IsDate(name) {
		return value.Text
	}
	if at, ok := day.Parse(value.Text); ok {
		return at
	}
	return nil
}

// facesIn is how many faces the picture of a field has; nil: nobody looked for any.
func (a *activation) facesIn(field string) any {
	if faces := a.facts.Readings[field].Faces; faces != nil {
		return len(faces)
	}
	return nil
}
