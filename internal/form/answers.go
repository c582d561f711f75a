package form

import (
	"bytes"
	"encoding/json"
)

// Answers are checked answers in the order of the form, without those that were left empty.
type Answers []Answer

// Answer is one checked answer as text: a date as YYYY-MM-DD, a number in plain digits, a country as alpha-3,
// a choice as its value, a checkbox as "true" or "false", an image or a file as its id.
type Answer struct {
	Name string // of the field
	Text string
	Type Type
}

// Text is the answer to the field of this name; "" when there is none.
func (a Answers) Text(name string) string {
	for _, answer := range a {
		if answer.Name == name {
			return answer.Text
		}
	}
	return ""
}

// JSON is the answers as one object: the same answers are the same bytes.
func (a Answers) JSON() json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, answer := range a {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(quote(answer.Name))
		b.WriteByte(':')
		b.Write(answer.json())
	}
	b.WriteByte('}')
	return b.Bytes()
}

// MarshalJSON is JSON, which cannot fail.
func (a Answers) MarshalJSON() ([]byte, error) { return a.JSON(), nil }

// json is one answer: numbers keep every digit that was typed, and never pass through a float64.
func (a Answer) json() []byte {
	if a.Type == Number || a.Type == Checkbox {
		return []byte(a.Text)
	}
	return quote(a.Text)
}

func quote(text string) []byte {
	quoted, _ := json.Marshal(text) // A string always marshals.
	return quoted
}
