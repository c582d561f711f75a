package form

import (
	"bytes"
	"encoding/json"

	"docket/internal/form/jsontext"
)

// Answers are checked answers in the order of the form, without those that were left empty.
type Answers []Answer

// Answer is one checked answer as text: a date as YYYY-MM-DD, a number in plain digits, a country as alpha-3, a choice as
// its value, a checkbox as "true" or "false", an image or a file as its id.
type Answer struct {
	Name  string   // of the field
	Texts []string // one, or several where the type takes several
	Type  Type
}

// Text is the first text of the answer.
func (a Answer) Text() string { return a.Texts[0] }

// JSON is the answers as one object: the same answers are the same bytes.
func (a Answers) JSON() json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, answer := range a {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(jsontext.Marshal(answer.Name))
		b.WriteByte(':')
		b.Write(answer.Type.spec().json.encode(answer.Texts))
	}
	b.WriteByte('}')
	return b.Bytes()
}

// MarshalJSON is JSON, which cannot fail.
func (a Answers) MarshalJSON() ([]byte, error) { return a.JSON(), nil }
