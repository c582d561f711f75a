package views

import (
	"github.com/a-h/templ"

	"docket/internal/form"
	"docket/internal/form/dateparts"
)

// datePartLength is how many characters the input of a part takes.
func datePartLength(part string) string {
	if part == dateparts.Year {
		return "4"
	}
	return "2"
}

func datePartAttributes(site Site, field form.Field, part, problem string) templ.Attributes {
	a := templ.Attributes{"data-decides": refreshesForm(site.Form, field)}
	if field.Autocomplete == "bday" {
		a["autocomplete"] = "bday-" + part
	}
	if problem != "" {
		a["aria-invalid"] = "true"
		a["aria-describedby"] = fieldID(field) + "-problem"
	}
	return a
}
