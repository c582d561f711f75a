package form

import (
	"encoding/json"
	"iter"
	"strings"
	"time"

	"docket/internal/form/address"
	"docket/internal/form/jsontext"
	"docket/internal/form/money"
	"docket/internal/i18n"
)

// jsonKind is the JSON type of an answer.
type jsonKind int

const (
	jsonString jsonKind = iota
	jsonNumber
	jsonBool
	jsonStrings // an array of strings
	jsonAddress // an object with the parts of an address
	jsonMoney   // an object with "amount" and "currency"
	jsonRows    // an array of objects
)

// String names the JSON type as a message does.
func (k jsonKind) String() string {
	return []string{"a string", "a number", "true or false", "an array of strings", "an object with the parts of an address as strings", `an object with "amount", a whole number of minor units, and "currency"`, "an array of objects"}[k]
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
	v.removeInapplicable(func(name string) {
		if _, known := wrong[name]; known || given.Text(name) != "" {
			wrong.remove(name)
			wrong[name] = Problem{Code: CodeNotApplicable, Message: "Is not asked with these other answers; leave it out"}
		}
	})
	return v.checked(wrong, i18n.Of(i18n.Source))
}

// readMember adds one member of an object to what is given, or to what is wrong.
func (f *Form) readMember(name string, value json.RawMessage, given Input, wrong Invalid) {
	field := &Field{}
	i, known := f.positions[name]
	if known {
		field = f.ordered[i]
	}
	if known && field.Rows != nil && !given.Has(name) {
		field.readJSONRows(value, given, wrong)
		return
	}
	kind := field.Type.spec().json
	texts, fits := kind.texts(value)
	switch {
	case known && field.Computed != nil:
		wrong[name] = Problem{Code: CodeUnknownField, Message: "Is computed; leave it out"}
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
		return jsontext.Strings(value)
	case jsonAddress:
		text, ok := address.DecodeJSON(value)
		return []string{text}, ok
	case jsonMoney:
		text, ok := money.DecodeJSON(value)
		return []string{text}, ok
	}
	if text, ok := jsontext.Simple(value); ok {
		return []string{text}, true
	}
	var text string
	fits = value[0] == '"' && json.Unmarshal(value, &text) == nil
	return []string{text}, fits
}

// encode is an answer as JSON. Numbers keep every digit that was typed, and never pass through a float64.
func (k jsonKind) encode(texts []string) []byte {
	switch k {
	case jsonNumber, jsonBool:
		return []byte(texts[0])
	case jsonStrings:
		return jsontext.Marshal(texts)
	case jsonAddress:
		if address.Parse(texts[0]) != nil {
			return []byte(texts[0])
		}
	case jsonMoney:
		if object, ok := money.EncodeJSON(texts[0]); ok {
			return object
		}
	case jsonRows:
		return []byte("[" + strings.Join(texts, ",") + "]")
	}
	return jsontext.Marshal(texts[0])
}
