package form

import (
	"slices"
	"time"
)

// Condition is an expression of the form file that holds or not, depending on the answers. Package rules compiles it.
type Condition struct {
	Text   string             // as it stands in the form file
	Fields []string           // the fields that it looks at
	Terms  []Term             // the same as plain terms, all of which must hold; nil when it is more complex than that
	Holds  func(*Values) bool // false, too, when it compares an answer that is not there
}

// Term says that the answer to a choice, a country or a checkbox is one of a few values, or with Not that it is none of
// them. Of a field that takes several answers, one of the values is among them.
type Term struct {
	Field  string
	Not    bool
	Values []string // of a checkbox: "true"
}

// Applies says of the fields that are asked only under a condition, whether they are asked now that the rest is
// answered like this. Fields without a condition are not in it.
func (f *Form) Applies(given Input, now time.Time) map[string]bool {
	v := f.ValuesOf(nil, now)
	v.read(given, Invalid{})
	applies := map[string]bool{}
	for _, field := range f.inputs {
		if len(f.conditionsOf(field.Name)) > 0 {
			applies[field.Name] = true
		}
	}
	v.removeInapplicable(func(name string) { applies[name] = false })
	for i, group := range f.ordered {
		v.applyInOtherRows(i, group, applies)
	}
	return applies
}

// Holds reports whether a condition of the form holds with these answers.
func (f *Form) Holds(when *Condition, given Input, now time.Time) bool {
	v := f.ValuesOf(nil, now)
	v.read(given, Invalid{})
	v.removeInapplicable(func(string) {})
	return when.Holds(v)
}

// applyInOtherRows says which fields apply in the rows of a group in which nothing is answered yet.
func (v *Values) applyInOtherRows(position int, group *Field, applies map[string]bool) {
	for slot := 0; group.Rows != nil && slot < group.Many; slot++ {
		if slices.ContainsFunc(v.rows[position], func(row *Values) bool { return row.slot == slot }) {
			continue
		}
		v.newRow(position, slot).removeInapplicable(func(name string) { applies[RowName(group.Name, slot)+"."+name] = false })
	}
}

// Decides reports whether some condition or check looks at this field of a page, so that its answer changes what is asked, or what is wrong.
func (f *Form) Decides(name string) bool {
	if inside, ok := f.inRows[name]; ok {
		rows := f.ordered[f.positions[inside.Cell.Group]].Rows.Form
		return f.deciding[inside.Cell.Group] || rows.deciding[inside.Cell.Name] || f.readsWith(name)
	}
	field, _ := f.ownField(name)
	return f.deciding[name] || f.readsWith(name) || field.Rows != nil && len(slices.Concat(field.Rows.Form.conditions...)) > 0 // on which rows there are
}

// conditionsOf are the conditions under which a field of a page is asked; all must hold.
func (f *Form) conditionsOf(name string) []*Condition {
	if inside, ok := f.inRows[name]; ok {
		return f.ordered[f.positions[inside.Cell.Group]].Rows.Form.conditionsOf(inside.Cell.Name)
	}
	return f.conditions[f.positions[name]]
}
