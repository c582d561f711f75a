package formfile

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/spelling"
)

// readCitizenNumber reads what the answer to a field says as the number of a citizen card; nil when the file does not say that it is one.
func (r *reader) readCitizenNumber(m mapping) *form.CitizenNumber {
	at, given := m.entries["citizen_number"]
	if !given {
		return nil
	}
	c, ok := r.readObject(at.value, "citizen_number")
	if !ok {
		return nil
	}
	if r.readRequired(c, "country") != "" {
		r.readWord(c, "country", "", form.VietnameseNumbers)
	}
	return &form.CitizenNumber{
		When: r.readPlainCondition(c), BirthDate: r.readBeside(c, "birth_date", form.Date),
		Sex: r.readBeside(c, "sex", form.Choice, form.Text), BirthPlace: r.readBeside(c, "birth_place", form.Text, form.LongText),
	}
}

// readBeside reads the name of a field of one of these types, in the same row where it stands in a group.
func (r *reader) readBeside(m mapping, key string, types ...form.Type) string {
	name := r.readText(m, key)
	if name == "" {
		return ""
	}
	at, group := m.entries[key].value, r.group
	r.deferCheck(func(f *form.Form) { r.checkBeside(f, at, group, types) })
	return name
}

func (r *reader) checkBeside(f *form.Form, at *yaml.Node, group string, types []form.Type) {
	if rows, _ := f.Field(group); rows.Rows != nil {
		f = rows.Rows.Form
	}
	field, known := f.Field(at.Value)
	switch {
	case !known:
		r.addMistake(at, "no field beside it is named %q%s", at.Value, spelling.Suggestion(at.Value, f.Names()))
	case !slices.Contains(types, field.Type):
		r.addMistake(at, "%q is of type %s; it must be %s", at.Value, field.Type.Listed(), spelling.Or(typeNames(types)))
	}
}
