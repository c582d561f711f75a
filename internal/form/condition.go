package form

import (
	"time"

	"cel.dev/cel-go/cel"
)

// Condition is an expression of the form file that holds or not, depending on the answers. It is written in CEL,
// the Common Expression Language.
type Condition struct {
	Text    string   // as it stands in the form file
	Fields  []string // the fields that it looks at
	Terms   []Term   // the same as plain terms, all of which must hold; nil when it is more intricate than that
	beside  []string // what else it looks at, such as "history.approved"
	program cel.Program
}

// Term says that the answer to a choice, a country or a checkbox is one of a few, or with Not that it is none of them.
type Term struct {
	Field  string
	Not    bool
	Values []string // of a checkbox: "true"
}

// holds reports whether c holds for these answers. Where it cannot be told, because it compares an answer that is not
// there, it does not hold.
func (c *Condition) holds(s *sheet) bool {
	value, _, err := c.program.Eval(s)
	return err == nil && value.Value() == true
}

// depends reports whether a field is asked only under a condition.
func (f *Form) depends(name string) bool { return len(f.whens[f.place[name]]) > 0 }

// Applies says of the fields that are asked only under a condition, whether they are asked now that the rest is
// answered like this. Fields that are asked of everybody are not in it.
func (f *Form) Applies(given Input, now time.Time) map[string]bool {
	s := f.sheet(f.today(now))
	for i, field := range f.flat {
		s.texts[i], _ = field.answer(given[field.Name], s.today)
	}
	applies := map[string]bool{}
	for _, field := range f.flat {
		if f.depends(field.Name) {
			applies[field.Name] = true
		}
	}
	s.settle(func(i int) { applies[f.flat[i].Name] = false })
	return applies
}

// Decides reports whether some condition of the form looks at this field, so that its answer changes what is asked.
func (f *Form) Decides(field string) bool { return f.named[field] }
