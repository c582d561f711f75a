package form

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"docket/internal/lang"
)

// Names lists the names of all fields in the order of the form.
func (f *Form) Names() []string {
	var names []string
	for field := range f.fields() {
		names = append(names, field.Name)
	}
	return names
}

// Schema is the JSON Schema (2020-12) of what CheckJSON accepts, as far as a schema can say it: bounds that move with
// today, and patterns that other programs would read differently, are told in words.
func (f *Form) Schema() map[string]any {
	properties, required, conditions := map[string]any{}, []string{}, []any{}
	for field := range f.fields() {
		properties[field.Name] = field.schema()
		if field.Required {
			required = append(required, field.Name)
		}
		if len(field.RequiredWhen) > 0 {
			conditions = append(conditions, f.when(field))
		}
	}
	schema := map[string]any{
		"type": "object", "title": f.Title, "description": "What the form “" + f.Name + "” asks, in its version " + f.Version + ".",
		"properties": properties, "required": required, "additionalProperties": false,
	}
	if len(conditions) > 0 {
		schema["allOf"] = conditions
	}
	return schema
}

// when says that a field is required if others have the answers that it names. A box that is not there is not ticked.
func (f *Form) when(field Field) map[string]any {
	answers, there := map[string]any{}, []string{}
	for _, name := range slices.Sorted(maps.Keys(field.RequiredWhen)) {
		other, _ := f.Field(name)
		answer := field.RequiredWhen[name]
		answers[name] = map[string]any{"const": answer}
		if other.Type == Checkbox {
			answers[name] = map[string]any{"const": answer == ticked}
		}
		if other.Type != Checkbox || answer == ticked {
			there = append(there, name)
		}
	}
	then := map[string]any{"required": []string{field.Name}}
	if field.Type == Checkbox {
		then["properties"] = map[string]any{field.Name: map[string]any{"const": true}}
	}
	return map[string]any{"if": map[string]any{"properties": answers, "required": there}, "then": then}
}

// schema is the JSON Schema of the answer to one field.
func (f Field) schema() map[string]any {
	s := map[string]any{"type": "string", "title": f.Label}
	notes := []string{f.Help}
	switch f.Type {
	case Checkbox:
		s["type"] = "boolean"
		if f.Required {
			s["const"] = true
		}
	case Number:
		f.numeric(s)
	case Date:
		s["format"] = "date"
		notes = append(notes, edge("Not before ", f.Min), edge("Not after ", f.Max))
	case Choice:
		s["enum"] = values(f.Options)
	case Country:
		s["enum"] = values(countries(lang.Source))
		notes = append(notes, "Three letters, as in ISO 3166-1.")
	case Image, File:
		s["format"] = "uuid"
		notes = append(notes, "The id of a file that was uploaded before.")
	default:
		notes = append(notes, f.textual(s))
	}
	if about := strings.TrimSpace(strings.Join(slices.DeleteFunc(notes, func(s string) bool { return s == "" }), " ")); about != "" {
		s["description"] = about
	}
	return s
}

// textual adds what bounds a text, and returns what a schema cannot say of it.
func (f Field) textual(s map[string]any) (note string) {
	s["maxLength"] = f.MaxLength
	if least := max(f.MinLength, 1); f.Required || f.MinLength > 0 {
		s["minLength"] = least
	}
	switch {
	case f.Type == Email:
		s["format"] = "email"
	case f.Pattern == nil && f.Type == Tel:
		s["pattern"] = telephone().String()
	}
	switch {
	case f.Pattern == nil:
		return ""
	case portable(f.Pattern.String()):
		s["pattern"] = f.Pattern.String()
		return f.PatternHint
	}
	return strings.TrimSpace(f.PatternHint + " Matches the regular expression (RE2) " + f.Pattern.String())
}

// numeric adds what bounds a number.
func (f Field) numeric(s map[string]any) {
	s["type"] = "integer"
	if f.Decimals > 0 {
		s["type"], s["multipleOf"] = "number", json.Number("0."+strings.Repeat("0", f.Decimals-1)+"1")
	}
	if f.Min != "" {
		s["minimum"] = json.Number(f.Min)
	}
	if f.Max != "" {
		s["maximum"] = json.Number(f.Max)
	}
}

// odd finds what ECMA-262, which JSON Schema names, reads differently than Go: classes of characters by a long name
// or without braces, flags, anchors, quoted text, classes in [: :].
var odd = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\\[pP][^{]|\\[pP]\{\^?[A-Za-z_]{3,}|\\[AzCQEax]|\(\?[^:]|\[:`)
})

func portable(pattern string) bool { return !odd().MatchString(pattern) }

// edge is one end of a range of dates in words; empty when there is none.
func edge(words, bound string) string {
	if bound == "" {
		return ""
	}
	return words + bound + "."
}

func values(options []Option) []string {
	list := make([]string, len(options))
	for i, option := range options {
		list[i] = option.Value
	}
	return list
}
