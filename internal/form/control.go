package form

// Element is the kind of control that a page asks with.
type Element string

// The elements of a page.
const (
	ElementInput      Element = "input"
	ElementTextarea   Element = "textarea"
	ElementSelect     Element = "select"     // one of many options
	ElementSearch     Element = "search"     // one of very many options, which the page searches on the server
	ElementRadios     Element = "radios"     // one of a few options
	ElementCheckboxes Element = "checkboxes" // some of the options
	ElementCheckbox   Element = "checkbox"
	ElementFile       Element = "file"
	ElementAddress    Element = "address"
	ElementOutput     Element = "output"     // what is computed
	ElementDateParts  Element = "date_parts" // day, month and year
	ElementMoney      Element = "money"      // an amount, and its currency where there are several
	ElementGroup      Element = "group"      // several rows of fields
)

// Control is how a page asks for an answer.
type Control struct {
	Element       Element
	InputType     string // of an input, such as "email"
	InputMode     string // the keyboard of a phone; empty: the usual one
	Accept        string // of a file: its media types
	Min, Max      string // of a time: the bounds
	Rows          int    // of a textarea
	NoSpellcheck  bool   // capitals and digits that are copied from something: no spelling, letters of one width
	AutoDirection bool   // words of a language, whose direction the text decides
	HasMaxLength  bool   // the page stops at the greatest length
	ShowsWarning  bool   // the page shows what may be wrong with a valid answer, as soon as it is there
	HasDateBounds bool   // the page knows the bounds of a date
}

// Control is how a page asks for this field.
func (f *Field) Control() Control {
	if f.Computed != nil {
		return Control{Element: ElementOutput}
	}
	return f.Type.spec().control(f)
}
