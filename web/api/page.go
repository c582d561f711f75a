package api

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"docket/views"
)

// Page is the OpenAPI document as a page shows it.
func (a *API) Page() views.APIDocument { return a.page() }

func newPage(doc *openapi3.T) views.APIDocument {
	shown := views.APIDocument{About: paragraphs(doc.Info.Description)}
	for _, c := range allCalls() {
		shown.Calls = append(shown.Calls, showCall(doc, c))
	}
	for _, name := range slices.Sorted(maps.Keys(doc.Components.Schemas)) {
		shown.Schemas = append(shown.Schemas, showSchema(name, doc.Components.Schemas[name].Value))
	}
	return shown
}

func paragraphs(text string) []string { return strings.Split(strings.TrimSpace(text), "\n\n") }

func showCall(doc *openapi3.T, c call) views.APICall {
	operation := doc.Paths.Value(c.path).GetOperation(c.method)
	shown := views.APICall{ID: c.id, Method: c.method, Path: c.path, Summary: c.summary, About: paragraphs(operation.Description), Example: c.example()}
	for _, name := range c.parameters {
		p := doc.Components.Parameters[name].Value
		shown.Parameters = append(shown.Parameters, views.APIField{Name: p.Name, About: p.Description, Type: showType(p.Schema), Required: p.Required})
	}
	if c.body != "" {
		shown.Body = showType(schemaRef(c.body))
	}
	if c.answer != "" {
		shown.Answer = showType(schemaRef(c.answer))
	}
	for _, status := range slices.Sorted(maps.Keys(operation.Responses.Map())) {
		response := operation.Responses.Value(status)
		if name, isProblem := strings.CutPrefix(response.Ref, "#/components/responses/"); isProblem {
			shown.Problems = append(shown.Problems, views.APIProblem{Status: status, About: paragraphs(*doc.Components.Responses[name].Value.Description)})
		}
	}
	return shown
}

// example is a command line that makes the call.
func (c call) example() string {
	line := "curl"
	if c.scope != "" {
		line += ` -H "Authorization: Bearer $API_KEY"`
	}
	if c.method != http.MethodGet && c.method != http.MethodPost || c.method == http.MethodPost && c.body == "" && c.uploads == nil {
		line += " -X " + c.method
	}
	if slices.Contains(c.parameters, "IdempotencyKey") {
		line += ` -H "Idempotency-Key: order-17"`
	}
	switch {
	case c.body != "":
		line += " --json @body.json"
	case c.uploads != nil:
		line += ` -H "Content-Type: ` + c.uploads[0] + `" --data-binary @file`
	}
	return line + ` "$BASE_URL` + c.path + `"`
}

func showSchema(name string, schema *openapi3.Schema) views.APISchema {
	shown := views.APISchema{Name: name, About: schema.Description}
	for _, member := range slices.Sorted(maps.Keys(schema.Properties)) {
		property := schema.Properties[member]
		field := views.APIField{Name: member, Type: showType(property), Required: slices.Contains(schema.Required, member)}
		if property.Value != nil {
			field.About = property.Value.Description
		}
		shown.Fields = append(shown.Fields, field)
	}
	if len(shown.Fields) == 0 {
		shown.Type = showType(schema.NewRef())
	}
	return shown
}

// showType says what a value is.
func showType(schema *openapi3.SchemaRef) views.APIType {
	if name, named := strings.CutPrefix(schema.Ref, "#/components/schemas/"); named {
		return views.APIType{Text: name, Schema: name}
	}
	value := schema.Value
	shown := views.APIType{Text: "any"}
	switch {
	case len(value.AllOf) == 1:
		shown = showType(value.AllOf[0])
	case len(value.OneOf) > 0:
		names := make([]string, len(value.OneOf))
		for i, one := range value.OneOf {
			names[i] = showType(one).Text
		}
		shown.Text = strings.Join(names, " or ")
	case len(value.Enum) > 0:
		values := make([]string, len(value.Enum))
		for i, one := range value.Enum {
			values[i], _ = one.(string)
		}
		shown.Text = strings.Join(values, " | ")
	case value.Type.Is("array"):
		shown = showType(value.Items)
		shown.Text = "list of " + shown.Text
	case value.Type != nil:
		shown.Text = strings.Join(value.Type.Slice(), ", ") + limitsOf(value)
	}
	if value.Nullable {
		shown.Text += " or null"
	}
	return shown
}

// limitsOf is the format of a value, or how long or large it may be.
func limitsOf(schema *openapi3.Schema) string {
	switch {
	case schema.Format != "" && schema.Format != "int64":
		return " (" + schema.Format + ")"
	case schema.MaxLength != nil:
		return ", at most " + strconv.FormatUint(*schema.MaxLength, 10) + " characters"
	case schema.Min != nil && schema.Max != nil:
		return ", " + strconv.FormatFloat(*schema.Min, 'f', -1, 64) + " to " + strconv.FormatFloat(*schema.Max, 'f', -1, 64)
	}
	return ""
}
