// Package jsontext reads the JSON of answers as texts, and writes texts as JSON.
package jsontext

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"

	"docket/internal/strictjson"
)

// Members is the keys and values of answers. What is no object stands under one name of its own.
func Members(extra json.RawMessage) map[string]json.RawMessage {
	members, err := strictjson.Object(extra)
	values := make(map[string]json.RawMessage, len(members))
	if err != nil { // it came in another way than by the form
		if err := json.Unmarshal(extra, &values); err != nil && len(extra) > 0 {
			return map[string]json.RawMessage{"extra": extra}
		}
	}
	for _, m := range members {
		values[m.Name] = m.Value
	}
	return values
}

// Plain is a JSON value as text: a string without its quotes, nothing for null, anything else as it is written.
func Plain(value json.RawMessage) string {
	if text, ok := Simple(value); ok {
		return text
	}
	var text string
	if err := json.Unmarshal(value, &text); err == nil {
		return text
	}
	var b bytes.Buffer
	if json.Compact(&b, value) != nil {
		return string(value)
	}
	return b.String()
}

// Strings reads a JSON array of strings.
func Strings(value json.RawMessage) (texts []string, ok bool) {
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

// Objects reads a JSON array of objects, each as compact JSON; false when it is none.
func Objects(value json.RawMessage) (texts []string, ok bool) {
	var rows []json.RawMessage
	if len(value) == 0 || value[0] != '[' || json.Unmarshal(value, &rows) != nil {
		return nil, false
	}
	for _, row := range rows {
		if row[0] != '{' {
			return nil, false
		}
		texts = append(texts, Plain(row))
	}
	return texts, true
}

// Simple is the text of a JSON string that has no escapes, as nearly all have none; false when value is anything
// else.
func Simple(value json.RawMessage) (string, bool) {
	last := len(value) - 1
	if last < 1 || value[0] != '"' || value[last] != '"' || bytes.IndexByte(value, '\\') >= 0 || !utf8.Valid(value) {
		return "", false
	}
	return string(value[1:last]), true
}

// Marshal is a string or several as JSON.
func Marshal(text any) []byte {
	quoted, _ := json.Marshal(text) // Strings always marshal.
	return quoted
}
