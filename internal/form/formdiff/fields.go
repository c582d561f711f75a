package formdiff

import (
	"encoding/json"
	"slices"
	"strings"

	"docket/internal/form"
)

// compareFields compares the questions, and those in the rows of groups under names such as "owners.full_name".
func (c *comparison) compareFields() {
	before, after := slices.Collect(c.before.Fields()), slices.Collect(c.after.Fields())
	c.compareQuestions(before, after)
	for _, group := range after {
		if former, known := c.before.Field(group.Name); known && former.Rows != nil && group.Rows != nil {
			c.compareQuestions(fieldsInRows(c.before, former), fieldsInRows(c.after, group))
		}
	}
}

// fieldsInRows are the fields of a group, as they are in any of its rows.
func fieldsInRows(f *form.Form, group form.Field) (fields []form.Field) {
	for inside := range group.Rows.Form.Fields() {
		field, _ := f.Field(group.Name + "." + inside.Name)
		fields = append(fields, field)
	}
	return fields
}

// compareQuestions compares the fields of two forms, or of the rows of a group in both.
func (c *comparison) compareQuestions(before, after []form.Field) {
	for _, field := range before {
		if _, stays := c.after.Field(field.Name); !stays {
			c.add(Customers, "field_removed", field.Name, "")
			c.add(Desk, "answers_unknown", field.Name, "")
			c.addBreaking("field_refused", field.Name, "")
		}
	}
	for _, field := range after {
		former, known := c.before.Field(field.Name)
		switch {
		case known:
			c.compareField(former, field)
		case field.Required && !conditional(c.after, field):
			c.add(Customers, "field_added_required", field.Name, "")
			c.addBreaking("field_needed", field.Name, "")
		default:
			c.add(Customers, "field_added", field.Name, "")
			c.add(Programs, "field_added", field.Name, "")
		}
	}
}

// conditional reports whether a field is asked only under a condition: its own, or that of its section.
func conditional(f *form.Form, field form.Field) bool { return conditionOf(f, field) != "" }

// conditionOf is when a field is asked: its own condition with that of its section; "" for always.
func conditionOf(f *form.Form, field form.Field) string {
	text := conditionText(field.When)
	for _, section := range f.Sections {
		if slices.ContainsFunc(section.Fields, func(other form.Field) bool { return other.Name == field.Name }) && section.When != nil {
			text += "\n" + section.When.Text
		}
	}
	return text
}

func conditionText(when *form.Condition) string {
	if when == nil {
		return ""
	}
	return when.Text
}

// compareField compares one question that both forms ask.
func (c *comparison) compareField(before, after form.Field) {
	found, name := len(c.changes), after.Name
	if before.Type != after.Type {
		c.add(Customers, "type", name, string(after.Type))
		c.add(Desk, "type", name, string(after.Type))
		if c.schemas[name] {
			c.addBreaking("type", name, string(after.Type))
		}
		return
	}
	c.compareNeed(before, after)
	c.compareOptions(before, after)
	c.compareLimits(before, after)
	if before.From != after.From {
		c.add(Customers, "from", name, after.From)
	}
	if before.Default != after.Default {
		c.add(Customers, "default", name, after.Default)
	}
	if before.Proposes != after.Proposes {
		c.add(Customers, "proposes", name, after.Proposes)
	}
	if !slices.Equal(before.Likely, after.Likely) {
		c.add(Customers, "likely", name, strings.Join(after.Likely, ", "))
	}
	if len(c.changes) == found && c.schemas[name] {
		c.add(Customers, "answer", name, "")
		c.addBreaking("answer", name, "")
	}
	if c.inLanguages(func(a, b *form.Form) bool { return !slices.Equal(textsOf(a, name), textsOf(b, name)) }) && len(c.changes) == found {
		c.add(Customers, "text", name, "")
	}
}

// compareNeed compares when a question is asked, and when it has to be answered.
func (c *comparison) compareNeed(before, after form.Field) {
	name := after.Name
	switch {
	case !before.Required && after.Required:
		c.add(Customers, "field_required", name, "")
		c.addBreaking("field_needed", name, "")
	case before.Required && !after.Required:
		c.add(Customers, "field_optional", name, "")
		c.add(Programs, "field_optional", name, "")
	case conditionText(before.RequiredWhen) != conditionText(after.RequiredWhen):
		c.add(Customers, "required_when", name, "")
		if after.RequiredWhen != nil {
			c.addBreaking("required_when", name, "")
		}
	}
	if conditionOf(c.before, before) != conditionOf(c.after, after) {
		c.add(Customers, "when", name, "")
		c.addBreaking("when", name, "")
	}
}

// compareOptions compares what can be chosen.
func (c *comparison) compareOptions(before, after form.Field) {
	if before.OptionsFrom != after.OptionsFrom {
		c.add(Customers, "options_file", after.Name, after.OptionsFrom)
		c.addBreaking("options_file", after.Name, after.OptionsFrom)
		return
	}
	for _, option := range before.Options {
		if !hasOption(after, option.Value) {
			c.add(Customers, "option_removed", after.Name, option.Value)
			c.add(Desk, "option_unknown", after.Name, option.Value)
			c.addBreaking("option_removed", after.Name, option.Value)
		}
	}
	for _, option := range after.Options {
		if !hasOption(before, option.Value) {
			c.add(Customers, "option_added", after.Name, option.Value)
			c.add(Programs, "option_added", after.Name, option.Value)
		}
	}
}

func hasOption(field form.Field, value string) bool {
	return slices.ContainsFunc(field.Options, func(o form.Option) bool { return o.Value == value })
}

// schemaChanges are the fields that both forms have, and whose answers have another JSON Schema.
func schemaChanges(before, after *form.Form) map[string]bool {
	was, is, changed := answerSchemas(before), answerSchemas(after), map[string]bool{}
	for name, schema := range is {
		former, known := was[name]
		changed[name] = known && former != schema
	}
	return changed
}

// answerSchemas are the JSON Schemas of the answers to each field, without its words.
func answerSchemas(f *form.Form) map[string]string {
	properties, _ := f.Schema()["properties"].(map[string]any)
	for field := range f.Fields() {
		if field.Rows != nil {
			takeRowSchemas(properties, field.Name)
		}
	}
	schemas := map[string]string{}
	for name, schema := range properties {
		text, err := json.Marshal(withoutWords(schema))
		if err != nil {
			continue // No schema has what JSON cannot say.
		}
		schemas[name] = string(text)
	}
	return schemas
}

// takeRowSchemas puts the schemas of the fields of a group beside that of the group, which is without them from then on.
func takeRowSchemas(properties map[string]any, group string) {
	rows, _ := properties[group].(map[string]any)
	items, _ := rows["items"].(map[string]any)
	inside, _ := items["properties"].(map[string]any)
	for name, schema := range inside {
		properties[group+"."+name] = schema
	}
	delete(rows, "items")
}

// withoutWords is a schema without what people read.
func withoutWords(schema any) any {
	switch schema := schema.(type) {
	case map[string]any:
		plain := map[string]any{}
		for key, value := range schema {
			if _, isText := value.(string); key != "title" && key != "description" || !isText {
				plain[key] = withoutWords(value)
			}
		}
		return plain
	case []any:
		plain := make([]any, len(schema))
		for i, value := range schema {
			plain[i] = withoutWords(value)
		}
		return plain
	}
	return schema
}
