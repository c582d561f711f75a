// Package input holds what was typed into a form, unchecked.
package input

import (
	"encoding/json"
	"fmt"

	"docket/internal/form/jsontext"
)

// Input is what was typed into a form, field by field, unchecked; several texts where a field takes several values.
type Input map[string][]string

// Text is the first text of a field; "" when there is none.
func (in Input) Text(name string) string {
	if texts := in[name]; len(texts) > 0 {
		return texts[0]
	}
	return ""
}

// Values are all texts of a field.
func (in Input) Values(name string) []string { return in[name] }

// Has reports whether anything was sent for a field, be it empty.
func (in Input) Has(name string) bool { return len(in[name]) > 0 }

// Set replaces the texts of a field by one.
func (in Input) Set(name, text string) { in[name] = []string{text} }

// Add appends a text to those of a field.
func (in Input) Add(name, text string) { in[name] = append(in[name], text) }

// MarshalJSON writes an object: a field with one text as a string, one with several as an array of strings.
func (in Input) MarshalJSON() ([]byte, error) {
	object := make(map[string]any, len(in))
	for name, texts := range in {
		if object[name] = texts; len(texts) == 1 {
			object[name] = texts[0]
		}
	}
	return json.Marshal(object)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (in *Input) UnmarshalJSON(object []byte) error {
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(object, &members); err != nil {
		return err
	}
	*in = make(Input, len(members))
	for name, value := range members {
		texts, several := jsontext.Strings(value)
		if !several {
			texts = make([]string, 1)
			if err := json.Unmarshal(value, &texts[0]); err != nil {
				return fmt.Errorf("input %s: %w", name, err)
			}
		}
		(*in)[name] = texts
	}
	return nil
}
