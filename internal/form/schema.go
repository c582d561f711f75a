package form

import (
	"slices"
	"strings"
	"time"

	"docket/internal/form/linktext"
	"docket/internal/ticket"
)

// Schema is the JSON Schema (2020-12) of what CheckJSON accepts, as far as a schema can say it: bounds that move with
// today, and patterns that other programs would read differently, are described in words; so is that an empty text counts
// as no answer, which types of other languages, such as that of a date, cannot hold.
func (f *Form) Schema() map[string]any {
	schema := f.objectSchema()
	schema["title"], schema["description"] = f.Title, "What the form “"+f.Name+"” asks, in its version "+ticket.ShortHash(f.Version)+". An empty text counts as no answer."
	return schema
}

// objectSchema is the schema of an object with these fields.
func (f *Form) objectSchema() map[string]any {
	properties, required, conditions := map[string]any{}, []string{}, []any{}
	for _, field := range f.ordered {
		properties[field.Name] = field.schema()
		if field.Required && len(f.conditionsOf(field.Name)) == 0 {
			required = append(required, field.Name)
		}
		conditions = append(conditions, f.conditionalSchemas(field)...)
	}
	f.describeChecks(properties)
	schema := map[string]any{
		"type": "object", "properties": properties, "required": required, "additionalProperties": false,
	}
	if len(conditions) > 0 {
		schema["allOf"] = conditions
	}
	return schema
}

// describeChecks adds what the checks between answers say to the fields at which they say it, also to those of rows.
func (f *Form) describeChecks(properties map[string]any) {
	for _, check := range f.Checks {
		for _, name := range check.Fields {
			group, inside, inRows := strings.Cut(name, ".")
			field := properties[group].(map[string]any)
			if inRows {
				field = field["items"].(map[string]any)["properties"].(map[string]any)[inside].(map[string]any)
			}
			about, _ := field["description"].(string)
			field["description"] = strings.TrimSpace(about + " Refused when " + check.When.Text + ": " + check.Text)
		}
	}
}

// conditionalSchemas say when a field is required or must be left out, as far as plain terms say it.
func (f *Form) conditionalSchemas(field *Field) []any {
	var schemas []any
	var terms []Term
	for _, when := range f.conditions[f.positions[field.Name]] {
		if !f.saysTerms(when) {
			return nil // As it depends on more than a schema can say, nothing can be said.
		}
		terms = append(terms, when.Terms...)
	}
	if terms != nil {
		without := map[string]any{"properties": map[string]any{field.Name: false}}
		schemas = append(schemas, map[string]any{"if": f.termsSchema(terms), "else": without})
	}
	switch {
	case field.Required && terms != nil:
		schemas = append(schemas, map[string]any{"if": f.termsSchema(terms), "then": field.requiredSchema()})
	case field.RequiredWhen != nil && f.saysTerms(field.RequiredWhen):
		all := append(terms, field.RequiredWhen.Terms...)
		schemas = append(schemas, map[string]any{"if": f.termsSchema(all), "then": field.requiredSchema()})
	}
	return schemas
}

// saysTerms reports whether a schema can say a condition: it is plain terms about fields of the same object.
func (f *Form) saysTerms(when *Condition) bool {
	return when.Terms != nil && !slices.ContainsFunc(when.Terms, func(t Term) bool { _, own := f.positions[t.Field]; return !own })
}

// termsSchema is the schema of answers for which all of these terms hold. A box that is not there is not ticked.
func (f *Form) termsSchema(terms []Term) map[string]any {
	var schemas []any
	for _, term := range terms {
		schemas = append(schemas, f.termSchema(term))
	}
	return map[string]any{"allOf": schemas}
}

func (f *Form) termSchema(term Term) map[string]any {
	var values []any
	for _, value := range term.Values {
		values = append(values, value)
	}
	field, _ := f.Field(term.Field)
	is := map[string]any{"enum": values}
	switch {
	case field.Type.Kind() == KindBool:
		is["enum"] = []any{true}
	case field.Type.Several():
		is = map[string]any{"contains": is}
	}
	schema := map[string]any{"properties": map[string]any{term.Field: is}, "required": []string{term.Field}}
	if term.Not {
		return map[string]any{"not": schema}
	}
	return schema
}

// requiredSchema is the schema of answers among which is one to f.
func (f *Field) requiredSchema() map[string]any {
	schema := map[string]any{"required": []string{f.Name}}
	if f.Type.Kind() == KindBool {
		schema["properties"] = map[string]any{f.Name: map[string]any{"const": true}}
	}
	return schema
}

// schema is the JSON Schema of the answer to one field.
func (f *Field) schema() map[string]any {
	schema := map[string]any{"type": "string", "title": f.Label}
	notes := []string{linktext.Plain(f.Help), f.WhenHelp, f.Type.spec().schema(f, schema)}
	if f.Rows != nil {
		notes = append(notes, f.rowsSchema(schema))
	}
	notes = slices.DeleteFunc(notes, func(note string) bool { return note == "" })
	if _, problem := f.Check([]string{f.Default}, time.Time{}); f.Default != "" && !IsKnown(f.Default) && f.Type.spec().json == jsonString && problem.Code == "" {
		schema["default"] = f.Default
	}
	if about := strings.TrimSpace(strings.Join(notes, " ")); about != "" {
		schema["description"] = about
	}
	if f.Computed != nil {
		schema["readOnly"] = true
	}
	return schema
}
