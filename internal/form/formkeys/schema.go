package formkeys

import (
	"encoding/json"
	"regexp"
	"slices"

	"docket/internal/form"
)

// SchemaFile is the name under which a form file expects its JSON Schema beside it.
const SchemaFile = "form.schema.json"

// SchemaID is how the JSON Schema of form files names itself.
const SchemaID = "urn:docket:form-file"

// WriteSchema is the JSON Schema (2020-12) of form files: keys, what is written behind them, and which of them a type of field takes.
// What is said between keys, such as the names in a condition, "docket form check" checks.
func WriteSchema() []byte {
	defs := map[string]any{}
	for _, object := range Objects() {
		defs[object.Name] = object.schema()
	}
	schema, err := json.MarshalIndent(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SchemaID, "title": "A form of docket",
		"$ref": "#/$defs/form", "$defs": defs,
	}, "", "  ")
	if err != nil {
		panic(err) // Texts, numbers and maps always marshal.
	}
	return append(schema, '\n')
}

func (o Object) schema() map[string]any {
	properties, required, dependent := map[string]any{}, []string{}, map[string]any{}
	for _, key := range o.Keys {
		properties[key.Name] = key.schema()
		if key.Required {
			required = append(required, key.Name)
		}
		if types, limited := form.TypesTaking(key.Name); limited && o.isField() {
			dependent[key.Name] = typeSchema(types)
		}
	}
	schema := map[string]any{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	if len(dependent) > 0 {
		schema["dependentSchemas"] = dependent
	}
	return schema
}

// schema is the JSON Schema of what is written behind a key, with what an editor shows of it.
func (k Key) schema() map[string]any {
	about := plainText(k.Means) + "."
	if k.Default != "" {
		about += " Default: " + plainText(k.Default) + "."
	}
	return map[string]any{"allOf": []any{k.Value.schema}, "description": about + "\nExample: " + k.Example}
}

// typeSchema is the schema of a field of one of these types. A field that names none is a text.
func typeSchema(types []form.Type) map[string]any {
	schema := map[string]any{"properties": map[string]any{"type": map[string]any{"enum": typeNames(types)}}}
	if !slices.Contains(types, form.Text) {
		schema["required"] = []string{"type"}
	}
	return schema
}

// plainText is a phrase of Markdown without its links and marks of code.
func plainText(markdown string) string {
	text := regexp.MustCompile(`\[([^\]]+)\]\([^)]+\)`).ReplaceAllString(markdown, "$1")
	return regexp.MustCompile("`").ReplaceAllString(text, "")
}
