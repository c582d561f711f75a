package form

import (
	"strconv"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/interpreter"
)

// sheet is what is answered, as conditions and rules see it: each field by its name, with a value of its type.
type sheet struct {
	form   *Form
	texts  []string                      // one for each field; "" where nothing is answered
	off    []bool                        // the fields that do not apply
	absent bool                          // whether anything that is not there was looked at
	today  time.Time                     // zero: not known
	more   func(name string) (any, bool) // what else can be seen; nil: nothing
}

// sheet is an empty sheet, for answers given today.
func (f *Form) sheet(today time.Time) *sheet {
	return &sheet{form: f, texts: make([]string, len(f.flat)), off: make([]bool, len(f.flat)), today: today}
}

// ResolveName implements interpreter.Activation.
func (s *sheet) ResolveName(name string) (any, bool) {
	if i, ok := s.form.place[name]; ok {
		v := value(s.form.flat[i].Type, s.texts[i])
		s.absent = s.absent || v == types.NullValue
		return v, true
	}
	switch {
	case name == "today" && s.today.IsZero():
		return types.NullValue, true
	case name == "today":
		return types.Timestamp{Time: s.today}, true
	case s.more == nil:
		return nil, false
	}
	v, ok := s.more(name)
	s.absent = s.absent || v == types.NullValue
	return v, ok
}

// Parent implements interpreter.Activation.
func (s *sheet) Parent() interpreter.Activation { return nil }

// value is a checked answer as CEL sees it. A number or a date that is not there is null.
func value(t Type, text string) ref.Val {
	switch t {
	case Checkbox:
		return types.Bool(text == ticked)
	case Image, File:
		return types.Bool(text != "")
	case Number:
		if number, err := strconv.ParseFloat(text, 64); err == nil {
			return types.Double(number)
		}
		return types.NullValue
	case Date:
		if day, ok := isoDate(text); ok {
			return types.Timestamp{Time: day}
		}
		return types.NullValue
	}
	return types.String(text)
}

// settle empties every field that does not apply, and tells which. A condition sees the others as they are when their
// own conditions have been applied.
func (s *sheet) settle(drop func(i int)) {
	for _, i := range s.form.order {
		for _, when := range s.form.whens[i] {
			if !when.holds(s) {
				s.texts[i], s.off[i] = "", true
				drop(i)
				break
			}
		}
	}
}
