package form

import (
	"slices"
	"time"
)

// Values are the answers of one submission as conditions and rules see them.
type Values struct {
	form         *Form
	answers      [][]string  // of each field; none where nothing is answered
	rows         [][]*Values // of each field that is a group
	inapplicable []bool      // the fields that are not asked
	today        time.Time   // zero: not known
	outer        *Values     // of a row: the form around it; nil: it is no row
	slot         int         // of a row
}

// ValuesOf are checked answers as conditions see them at this time; the zero time: the day is not known.
func (f *Form) ValuesOf(answers Answers, now time.Time) *Values {
	v := &Values{
		form: f, answers: make([][]string, len(f.ordered)), rows: make([][]*Values, len(f.ordered)), inapplicable: make([]bool, len(f.ordered)),
	}
	if !now.IsZero() {
		v.today = f.today(now)
	}
	for _, answer := range answers {
		if i, ok := f.positions[answer.Name]; ok {
			v.setStored(i, answer.Texts)
		}
	}
	return v
}

// setStored sets the answer to the field at a position to one that was checked before.
func (v *Values) setStored(position int, texts []string) {
	if v.form.ordered[position].Rows != nil {
		v.rows[position] = v.storedRows(position, texts)
	}
	v.answers[position] = texts
}

// Today is the day on which the answers are given, in the form's time zone; zero when it is not known.
func (v *Values) Today() time.Time { return v.today }

// Value is the answer to a field: a string, float64, time.Time, bool, []string or []map[string]any as its type's Kind says; nil
// when a number or a date is not there. A row sees the form around it, too. False: there is no such field.
func (v *Values) Value(name string) (any, bool) {
	i, ok := v.form.positions[name]
	switch {
	case !ok && v.outer != nil:
		return v.outer.Value(name)
	case !ok:
		return nil, false
	case v.form.ordered[i].Rows != nil:
		return v.rowValues(i), true
	}
	return v.form.ordered[i].Type.spec().valueOf(v.answers[i]), true
}

// removeInapplicable empties every field whose conditions do not hold, and calls removed with its name. A condition sees the
// other fields as they are when their own conditions have been applied.
func (v *Values) removeInapplicable(removed func(name string)) {
	for _, i := range v.form.evaluation {
		name := v.form.ordered[i].Name
		if slices.ContainsFunc(v.form.conditions[i], func(when *Condition) bool { return !when.Holds(v) }) {
			v.answers[i], v.rows[i], v.inapplicable[i] = nil, nil, true
			removed(name)
		}
		for _, row := range v.rows[i] {
			row.removeInapplicable(func(inside string) { removed(RowName(name, row.slot) + "." + inside) })
		}
	}
}
