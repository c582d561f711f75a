package views

import "strings"

// APIPath is the description of the JSON interface for people.
const APIPath = "/api"

// APIDocument is the OpenAPI document as a page shows it. Its texts are in English, with code between backticks.
type APIDocument struct {
	About   []string // paragraphs
	Calls   []APICall
	Schemas []APISchema
}

// APICall is one call.
type APICall struct {
	ID, Method, Path, Summary string
	About                     []string // paragraphs
	Example                   string   // a command line
	Parameters                []APIField
	Body, Answer              APIType // empty: none, or a file
	Problems                  []APIProblem
}

// APIProblem is the errors of one status.
type APIProblem struct {
	Status string
	About  []string // a paragraph for each code
}

// APISchema is an object of the interface.
type APISchema struct {
	Name, About string
	Type        APIType // of what is no object
	Fields      []APIField
}

// APIField is a parameter, or a member of an object.
type APIField struct {
	Name, About string
	Type        APIType
	Required    bool
}

// APIType is what a value is, and the schema that it names; empty: none.
type APIType struct{ Text, Schema string }

// codeParts divides a text at its backticks: every second part is code.
func codeParts(text string) []string { return strings.Split(strings.ReplaceAll(text, "**", ""), "`") }

func schemaAnchor(name string) string { return "schema-" + name }
