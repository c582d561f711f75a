package form

import (
	"bytes"
	"encoding/json"
	"iter"
	"time"
	"unicode/utf8"

	"docket/internal/i18n"
)

// CheckJSON checks the answers of another system by the rules of Check, and strictly: each has the JSON type that
// Answers would give it, and a key that the form does not ask is a problem. The members are those of one object, names
// and values as they stand in valid JSON; a name that comes twice is a problem, too. When an answer is wrong the error is
// Invalid.
func (f *Form) CheckJSON(members iter.Seq2[string, json.RawMessage], now time.Time) (Answers, error) {
	given, wrong := Input{}, Invalid{}
	for name, value := range members {
		field, known := f.Field(name)
		text, fits := field.unquote(value)
		switch {
		case !known:
			wrong[name] = Problem{Code: CodeUnknownField, Message: "This form has no such field"}
		case !fits:
			wrong[name] = Problem{Code: CodeWrongType, Message: "Must be " + field.wanted()}
		default:
			given.Add(name, text)
		}
	}
	s := f.sheet(f.today(now))
	s.read(given, wrong)
	s.settle(func(i int) { f.unasked(i, given, wrong) })
	return s.answers(wrong, i18n.Of(i18n.Source))
}

// unasked refuses an answer to field i, which does not apply.
func (f *Form) unasked(i int, given Input, wrong Invalid) {
	name := f.flat[i].Name
	if _, known := wrong[name]; known || given.Text(name) != "" {
		wrong[name] = Problem{Code: CodeNotApplicable, Message: "Is not asked with these other answers; leave it out"}
	}
}

// unquote is a JSON value as a page would send it; false when it is not of the type that the field takes.
func (f Field) unquote(value json.RawMessage) (string, bool) {
	switch f.Type {
	case Number:
		return string(value), value[0] == '-' || value[0] >= '0' && value[0] <= '9'
	case Checkbox:
		return string(value), string(value) == ticked || string(value) == unticked
	}
	if text, ok := simple(value); ok {
		return text, true
	}
	var text string
	return text, value[0] == '"' && json.Unmarshal(value, &text) == nil
}

// simple is the text of a JSON string that has no escapes, as nearly all have none; false when value is anything else.
func simple(value json.RawMessage) (string, bool) {
	last := len(value) - 1
	if last < 1 || value[0] != '"' || value[last] != '"' || bytes.IndexByte(value, '\\') >= 0 || !utf8.Valid(value) {
		return "", false
	}
	return string(value[1:last]), true
}

// wanted names the JSON type that the field takes.
func (f Field) wanted() string {
	switch f.Type {
	case Number:
		return "a number"
	case Checkbox:
		return "true or false"
	}
	return "a string"
}
