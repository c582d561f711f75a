package views

import (
	"net/url"

	"docket/internal/form"
)

// FoundOptionsView is what was found among the options of a field that stand in a file.
type FoundOptionsView struct {
	Field    form.Field
	Value    string // what is typed
	Options  []form.Option
	More     bool // there are more than these
	Searched bool // something was typed
}

func foundOptionsID(field form.Field) string { return fieldID(field) + "-found" }

// Options is where a page searches among the options of a field.
func (l Link) Options(field string) string {
	return withQuery(l.Form()+"/options", url.Values{"field": {field}})
}

// chosenLabel is what people read for a value that is an option and has a label of its own; otherwise empty.
func chosenLabel(site Site, field form.Field, value string) string {
	if shown := site.Form.ShowInput(field.Name, []string{value}); shown != value {
		return shown
	}
	return ""
}
