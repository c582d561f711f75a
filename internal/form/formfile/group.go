package formfile

import (
	"cmp"
	"slices"
	"time"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/form/rules"
	"docket/internal/spelling"
)

// usualRows is how many rows a group may have when the file does not say.
const usualRows = 10

// readRows reads what a group asks in each of its rows.
func (r *reader) readRows(m mapping, group *form.Field) {
	if group.Type != form.Group {
		return
	}
	if r.group != "" {
		r.addMistake(m.entries["type"].value, "a group cannot stand inside a group; put its fields beside the others of %q", r.group)
		return
	}
	group.Many = r.readInt(m, "many", 1, form.MaxRows, usualRows)
	group.Rows = &form.RowForm{Label: cmp.Or(r.readText(m, "row_label"), group.Label)}
	outer := r.fields
	r.group, r.fields = cmp.Or(group.Name, "a group"), map[string]yaml.Node{}
	before := r.fieldCount
	fields := r.readFields(m)
	group.Rows.Form = &form.Form{Language: r.language, Sections: []form.Section{{Fields: fields}}}
	group.Rows.Unique = r.readUnique(m)
	for name, at := range r.fields {
		outer[group.Name+"."+name] = at
	}
	r.group, r.fields = "", outer
	r.countRows(m, group, before)
}

// countRows checks how many fields a group has, and counts those of all its rows.
func (r *reader) countRows(m mapping, group *form.Field, before int) {
	at, given := m.entries["fields"]
	count := r.fieldCount - before
	switch {
	case !given:
		r.addMistake(m.node, `a group needs "fields"; add a list of what each row asks`)
	case at.value.Kind == yaml.SequenceNode && count == 0:
		r.addMistake(at.value, `"fields" is empty; add at least one field`)
	}
	if all := before + count*group.Many; r.fieldCount <= maxFields && all > maxFields {
		r.addMistake(m.node, `%d rows of %d fields make %d fields of the form up to here; a form has at most %d, so lower "many"`, group.Many, count, all, maxFields)
	}
	r.fieldCount = before + count*group.Many
}

// readUnique reads the fields of a row to which no two rows may have the same answer.
func (r *reader) readUnique(m mapping) (names []string) {
	for _, n := range r.readList(m, "unique") {
		if !r.checkKind(n, yaml.ScalarNode, "a field name") {
			continue
		}
		if _, known := r.fields[n.Value]; !known {
			r.addMistake(n, "no field of a row is named %q%s", n.Value, spelling.Suggestion(n.Value, r.fieldNames()))
		} else if slices.Contains(names, n.Value) {
			r.addMistake(n, "%q stands here a second time; keep one of them", n.Value)
		}
		names = append(names, n.Value)
	}
	return names
}

// compilerOf compiles the conditions in the rows of a group; of the form itself when the group is "".
func (r *reader) compilerOf(f *form.Form, group string) *rules.Compiler {
	if field, ok := f.Field(group); ok && field.Rows != nil {
		if r.rowCompilers[group] == nil {
			r.rowCompilers[group] = rules.NewCompiler(field.Rows.Form)
		}
		return r.rowCompilers[group]
	}
	return r.compiler
}

// requireRows makes a group with a "min" required, unless the file says when it is.
func (r *reader) requireRows(m mapping, group *form.Field) {
	_, said := m.entries["required"]
	_, depends := m.entries["required_when"]
	if group.Type == form.Group && group.Min != "" && !said && !depends {
		group.Required = true
	}
}

// readRowAnswers reads the rows of a group in an example; false when there are none.
func (r *reader) readRowAnswers(group form.Field, n *yaml.Node, day time.Time) (form.Answer, bool) {
	answer := form.Answer{Name: group.Name, Type: group.Type}
	if !r.checkKind(n, yaml.SequenceNode, "the answer to a group") {
		return answer, false
	}
	for _, row := range n.Content {
		if r.checkKind(row, yaml.MappingNode, "a row") {
			answer.Texts = append(answer.Texts, string(r.readAnswers(group.Rows.Form, row, day).JSON()))
		}
	}
	return answer, len(answer.Texts) > 0
}
