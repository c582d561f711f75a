package form

import "time"

// Values are the answers of one submission as conditions and rules see them.
type Values struct {
	form         *Form
	answers      [][]string // of each field; none where nothing is answered
	inapplicable []bool     // the fields that are not asked
	today        time.Time  // zero: not known
}

// ValuesOf are checked answers as conditions see them at this time; the zero time: the day is not known.
func (f *Form) ValuesOf(answers Answers, now time.Time) *Values {
	v := &Values{form: f, answers: make([][]string, len(f.ordered)), inapplicable: make([]bool, len(f.ordered))}
	if !now.IsZero() {
		v.today = f.today(now)
	}
	for _, answer := range answers {
		if i, ok := f.positions[answer.Name]; ok {
			v.answers[i] = answer.Texts
		}
	}
	return v
}

// Today is the day on which the answers are given, in the form's time zone; zero when it is not known.
func (v *Values) Today() time.Time { return v.today }

// Value is the answer to a field: a string, float64, time.Time, bool or []string as its type's Kind says; nil when a number
// or a date is not there. False: the form has no such field.
func (v *Values) Value(name string) (any, bool) {
	i, ok := v.form.positions[name]
	if !ok {
		return nil, false
	}
	return v.form.ordered[i].Type.spec().valueOf(v.answers[i]), true
}

// removeInapplicable empties every field whose conditions do not hold, and calls removed for it. A condition sees the other
// fields as they are when their own conditions have been applied.
func (v *Values) removeInapplicable(removed func(i int)) {
	for _, i := range v.form.evaluation {
		for _, when := range v.form.conditions[i] {
			if !when.Holds(v) {
				v.answers[i], v.inapplicable[i] = nil, true
				removed(i)
				break
			}
		}
	}
}
