package formfile

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/spelling"
)

// maxAsked is the most fields that an approval may be asked.
const maxAsked = 20

// readGrant reads what an approval is asked; nil when the file does not say.
func (r *reader) readGrant(m mapping, f *form.Form) *form.Form {
	at, given := m.entries["decisions"]
	if !given {
		return nil
	}
	decisions, ok := r.readObject(at.value, "decisions")
	if !ok {
		return nil
	}
	if at, given = decisions.entries["approve"]; !given {
		r.addMistake(decisions.node, `"decisions" needs "approve"; add "approve: {asks: […]}"`)
		return nil
	}
	approve, ok := r.readObject(at.value, "approve")
	if !ok {
		return nil
	}
	asks := r.readList(approve, "asks")
	if _, given := approve.entries["asks"]; !given {
		r.addMistake(approve.node, `"approve" needs "asks"; add "asks: […]" with the names of fields`)
	}
	return f.NewGrant(r.readAsked(asks, f))
}

// readAsked reads the fields that an approval is asked: names of fields of the form, and fields of its own.
func (r *reader) readAsked(asks []*yaml.Node, f *form.Form) (asked []form.Field) {
	fields, count := r.fields, r.fieldCount
	defer func() { r.fields, r.fieldCount = fields, count }()
	r.fields = map[string]yaml.Node{}
	for i, n := range asks {
		if i == maxAsked {
			r.addMistake(n, "this is field number %d; an approval is asked at most %d", i+1, maxAsked)
		}
		field, ok := form.Field{}, true
		if n.Kind == yaml.ScalarNode {
			field, ok = r.readAskedName(n, f, slices.Sorted(maps.Keys(fields)))
		} else {
			field = r.readFieldAs(n, "asked_field")
		}
		if field.Type == form.Group {
			r.addMistake(n, "an approval is not asked a group; ask for what it says by itself")
		}
		if strings.HasPrefix(field.Default, form.AccountAttributes) {
			r.addMistake(n, `what is known of an account is not proposed to an approval; let the form ask it with "from", and name that field in "proposes"`)
		}
		if field.Type.Upload() {
			r.addMistake(n, "an approval is not asked a file; choose another type than %s", field.Type.Listed())
		}
		if ok {
			asked = append(asked, field)
		}
	}
	return asked
}

// readAskedName reads a field that an approval is asked as the form has it; false when the form has none of that name.
func (r *reader) readAskedName(n *yaml.Node, f *form.Form, known []string) (form.Field, bool) {
	field, found := fieldNamed(f, n.Value)
	if !found {
		r.addMistake(n, "no field is named %q%s", n.Value, spelling.Suggestion(n.Value, known))
		return field, false
	}
	if first, twice := r.fields[n.Value]; twice {
		r.addMistake(n, "the name %q is taken by the field on line %d; keep one of them", n.Value, first.Line)
	}
	r.fields[n.Value] = *n
	field.When, field.RequiredWhen, field.WhenHelp, field.Proposes = nil, nil, "", field.Name
	field.Search, field.Identity, field.Default, field.From = false, "", "", ""
	return field, true
}

// readProposes reads the field of the form whose answer is proposed; "" when there is none.
func (r *reader) readProposes(m mapping) string {
	at, given := m.entries["proposes"]
	name := r.readText(m, "proposes")
	if given && name != "" {
		r.deferCheck(func(f *form.Form) {
			if !r.checkField(at.value) {
				return
			}
			field, _ := f.Field(name)
			if strings.Contains(name, ".") || field.Type == form.Group || field.Type.Upload() {
				r.addMistake(at.value, `%q has no answer that can be proposed; name a field that is no file, no group and in no group`, name)
			}
		})
	}
	return name
}

// fieldNamed finds a field of a form that is not indexed yet.
func fieldNamed(f *form.Form, name string) (form.Field, bool) {
	for _, section := range f.Sections {
		for _, field := range section.Fields {
			if field.Name == name {
				return field, true
			}
		}
	}
	return form.Field{}, false
}

// checkProposals notes that a rule cannot approve where an approval is asked what nothing is proposed for.
func (r *reader) checkProposals(rule mapping, f *form.Form) {
	if f.Grant == nil {
		return
	}
	for field := range f.Grant.Fields() {
		if (field.Required || field.RequiredWhen != nil) && field.Proposes == "" && field.Default == "" {
			r.addMistake(rule.entries["decide"].value, `a rule can type nothing, and an approval is asked %q; give that "proposes", the field whose answer is taken, or a "default"`, field.Name)
		}
	}
}
