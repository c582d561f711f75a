package views

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

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

// optionCount is how many options a file has; 0 where it is not known.
func optionCount(field form.Field) int {
	if field.OptionList == nil {
		return 0
	}
	return field.OptionList.State().Count
}

// optionSearchAttributes are those of the line in which options are searched. What it finds describes it.
func optionSearchAttributes(site Site, field form.Field, problem string) templ.Attributes {
	a := controlAttributes(site, field, problem)
	others, _ := a["aria-describedby"].(string)
	a["aria-describedby"] = strings.TrimSpace(others + " " + foundOptionsID(field))
	a["type"] = "search"
	return a
}

// chosenLabel is what people read for a value that is an option and has a label of its own; otherwise empty.
func chosenLabel(site Site, field form.Field, value string) string {
	if shown := site.Form.ShowInput(field.Name, []string{value}); shown != value {
		return shown
	}
	return ""
}
