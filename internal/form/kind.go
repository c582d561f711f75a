package form

// Kind is the kind of value that an answer has in conditions and rules.
type Kind int

// The kinds of value. Numbers, dates and times that are not there have none.
const (
	KindText     Kind = iota // string; "" when there is none
	KindNumber               // float64
	KindDate                 // time.Time
	KindBool                 // bool
	KindPresence             // bool: whether there is an answer
	KindTexts                // []string
	KindTime                 // string, such as "08:30"
	KindRows                 // []map[string]any: a row each, the value of each field by its name
)

// Kind is the kind of value that an answer of type t has in conditions and rules.
func (t Type) Kind() Kind { return t.spec().kind }

// valueOf is an answer as conditions see it.
func (t *fieldType) valueOf(texts []string) any {
	text := ""
	if len(texts) > 0 {
		text = texts[0]
	}
	switch {
	case t.kind == KindTexts:
		return texts
	case t.value != nil:
		return t.value(text)
	}
	return text
}
