package form

import "time"

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

// conditional reports whether a field is asked only under a condition.
func (f *Form) conditional(name string) bool { return len(f.conditions[f.positions[name]]) > 0 }

// Applies says of the fields that are asked only under a condition, whether they are asked now that the rest is
// answered like this. Fields without a condition are not in it.
func (f *Form) Applies(given Input, now time.Time) map[string]bool {
	v := f.ValuesOf(nil, now)
	for i, field := range f.ordered {
		v.answers[i], _ = field.Check(given[field.Name], v.today)
	}
	applies := map[string]bool{}
	for _, field := range f.ordered {
		if f.conditional(field.Name) {
			applies[field.Name] = true
		}
	}
	v.removeInapplicable(func(i int) { applies[f.ordered[i].Name] = false })
	return applies
}

// Decides reports whether some condition of the form looks at this field, so that its answer changes what is asked.
func (f *Form) Decides(field string) bool { return f.deciding[field] }
