package form

import (
	"iter"
	"time"
)

// CitizenNumber says of a text that it is the number of a citizen card, which tells something of the person who has it. The names are of
// fields beside it; empty ones are not asked.
type CitizenNumber struct {
	When       *Condition // it is one only when this holds; nil: always
	BirthDate  string
	Sex        string
	BirthPlace string
}

// VietnameseNumbers is the country whose citizen numbers are known, as forms and documents have it.
const VietnameseNumbers = "VNM"

// CitizenNumberFact follows the name of a field whose answer is a citizen number, in what rules and programs see of it.
const CitizenNumberFact = ".citizen_number"

// ValuesOfInput are what a page sent as conditions see it at this time. What is wrong or not asked has no answer.
func (f *Form) ValuesOfInput(given Input, now time.Time) *Values {
	v := f.ValuesOf(nil, now)
	v.read(given, Invalid{})
	v.removeInapplicable(func(string) {})
	return v
}

// Rows yields the rows of a group, each with its slot.
func (v *Values) Rows(group string) iter.Seq2[int, *Values] {
	return func(yield func(int, *Values) bool) {
		for _, row := range v.rows[v.form.positions[group]] {
			if !yield(row.slot, row) {
				return
			}
		}
	}
}
