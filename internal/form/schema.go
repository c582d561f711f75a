package form

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"

	"docket/internal/i18n"
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
		if field.Required && !f.depends(field.Name) {
			required = append(required, field.Name)
		}
		conditions = append(conditions, f.conditional(field)...)
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

// conditional says when a field is required or must be left out, as far as plain terms say it.
func (f *Form) conditional(field Field) []any {
	var rules []any
	var whens []Term
	for _, when := range f.whens[f.place[field.Name]] {
		if when.Terms == nil {
			return nil // As it depends on more than a schema can say, nothing can be said.
		}
		whens = append(whens, when.Terms...)
	}
	if whens != nil {
		without := map[string]any{"properties": map[string]any{field.Name: false}}
		rules = append(rules, map[string]any{"if": f.all(whens), "else": without})
	}
	switch {
	case field.Required && whens != nil:
		rules = append(rules, map[string]any{"if": f.all(whens), "then": field.there()})
	case field.RequiredWhen != nil && field.RequiredWhen.Terms != nil:
		rules = append(rules, map[string]any{"if": f.all(append(whens, field.RequiredWhen.Terms...)), "then": field.there()})
	}
	return rules
}

// all is the schema of answers for which all of these terms hold. A box that is not there is not ticked.
func (f *Form) all(terms []Term) map[string]any {
	var each []any
	for _, t := range terms {
		var values []any
		for _, value := range t.Values {
			values = append(values, value)
		}
		if field, _ := f.Field(t.Field); field.Type == Checkbox {
			values = []any{true}
		}
		is := map[string]any{"properties": map[string]any{t.Field: map[string]any{"enum": values}}, "required": []string{t.Field}}
		if t.Not {
			is = map[string]any{"not": is}
		}
		each = append(each, is)
	}
	return map[string]any{"allOf": each}
}

// there is the schema of answers among which is one to f.
func (f Field) there() map[string]any {
	then := map[string]any{"required": []string{f.Name}}
	if f.Type == Checkbox {
		then["properties"] = map[string]any{f.Name: map[string]any{"const": true}}
	}
	return then
}

// schema is the JSON Schema of the answer to one field.
func (f Field) schema() map[string]any {
	s := map[string]any{"type": "string", "title": f.Label}
	notes := []string{f.Help, f.WhenHelp}
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
		s["enum"] = optionValues(f.Options)
	case Country:
		s["enum"] = optionValues(countries(i18n.Source))
		notes = append(notes, "Three letters, as in ISO 3166-1.")
	case Image, File:
		s["format"] = "uuid"
		notes = append(notes, "The id of a file that was uploaded before.")
	case MRZ:
		s["maxLength"] = f.MaxLength
		notes = append(notes, "The two or three lines of the machine-readable zone, as ICAO Doc 9303 lays them out.")
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

func optionValues(options []Option) []string {
	list := make([]string, len(options))
	for i, option := range options {
		list[i] = option.Value
	}
	return list
}
