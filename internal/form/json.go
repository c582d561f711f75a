package form

import (
	"bytes"
	"encoding/json"
	"iter"
	"time"
	"unicode/utf8"

	"docket/internal/i18n"
)

// jsonKind is the JSON type of an answer.
type jsonKind int

const (
	jsonString jsonKind = iota
	jsonNumber
	jsonBool
	jsonStrings // an array of strings
	jsonMoney   // an object with "amount" and "currency"
)

// String names the JSON type as a message does.
func (k jsonKind) String() string {
	return []string{"a string", "a number", "true or false", "an array of strings", `an object with "amount", a whole number of minor units, and "currency"`}[k]
}

// CheckJSON checks the answers of another system by the rules of Check, and strictly: each has the JSON type that
// Answers would give it, and a key that the form does not ask is a problem. The members are those of one object, names
// and values as they stand in valid JSON; a name that comes twice is a problem, too. When an answer is wrong the error is
// Invalid.
func (f *Form) CheckJSON(members iter.Seq2[string, json.RawMessage], now time.Time) (Answers, error) {
	given, wrong := Input{}, Invalid{}
	for name, value := range members {
		f.readMember(name, value, given, wrong)
	}
	v := f.ValuesOf(nil, now)
	v.read(given, wrong)
	v.removeInapplicable(func(i int) {
		name := f.ordered[i].Name
		if _, known := wrong[name]; known || given.Text(name) != "" {
			wrong[name] = Problem{Code: CodeNotApplicable, Message: "Is not asked with these other answers; leave it out"}
		}
	})
	return v.checked(wrong, i18n.Of(i18n.Source))
}

// readMember adds one member of an object to what is given, or to what is wrong.
func (f *Form) readMember(name string, value json.RawMessage, given Input, wrong Invalid) {
	field, known := f.Field(name)
	kind := field.Type.spec().json
	texts, fits := kind.texts(value)
	switch {
	case !known:
		wrong[name] = Problem{Code: CodeUnknownField, Message: "This form has no such field"}
	case !fits:
		wrong[name] = Problem{Code: CodeWrongType, Message: "Must be " + kind.String()}
	case given.Has(name):
		wrong[name] = newProblem(CodeGivenTwice, "answer.twice")
	default:
		given[name] = texts
	}
}

// texts is a JSON value as a page would send it; false when it is not of this type.
func (k jsonKind) texts(value json.RawMessage) (texts []string, fits bool) {
	switch k {
	case jsonNumber:
		return []string{string(value)}, value[0] == '-' || value[0] >= '0' && value[0] <= '9'
	case jsonBool:
		return []string{string(value)}, string(value) == ticked || string(value) == unticked
	case jsonStrings:
		return textsIn(value)
	case jsonMoney:
		text, ok := decodeMoney(value)
		return []string{text}, ok
	}
	if text, ok := simpleString(value); ok {
		return []string{text}, true
	}
	var text string
	fits = value[0] == '"' && json.Unmarshal(value, &text) == nil
	return []string{text}, fits
}

// textsIn reads a JSON array of strings.
func textsIn(value json.RawMessage) (texts []string, ok bool) {
	var elements []*string // null is no string
	if len(value) == 0 || value[0] != '[' || json.Unmarshal(value, &elements) != nil {
		return nil, false
	}
	for _, text := range elements {
		if text == nil {
			return nil, false
		}
		texts = append(texts, *text)
	}
	return texts, true
}

// simpleString is the text of a JSON string that has no escapes, as nearly all have none; false when value is anything
// else.
func simpleString(value json.RawMessage) (string, bool) {
	last := len(value) - 1
	if last < 1 || value[0] != '"' || value[last] != '"' || bytes.IndexByte(value, '\\') >= 0 || !utf8.Valid(value) {
		return "", false
	}
	return string(value[1:last]), true
}

// encode is an answer as JSON. Numbers keep every digit that was typed, and never pass through a float64.
func (k jsonKind) encode(texts []string) []byte {
	switch k {
	case jsonNumber, jsonBool:
		return []byte(texts[0])
	case jsonStrings:
		return marshalText(texts)
	case jsonMoney:
		return encodeMoney(texts[0])
	}
	return marshalText(texts[0])
}

// marshalText is a string or several as JSON.
func marshalText(text any) []byte {
	quoted, _ := json.Marshal(text) // Strings always marshal.
	return quoted
}
