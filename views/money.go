package views

import (
	"github.com/a-h/templ"

	"docket/internal/form"
)

// moneyAttributes are those of the input of an amount.
func moneyAttributes(site Site, field form.Field, problem string) templ.Attributes {
	a := controlAttributes(site, field, problem)
	if len(field.Currencies) > 1 {
		a["name"] = field.Name + ".value"
		return a
	}
	ids, _ := a["aria-describedby"].(string)
	a["aria-describedby"] = fieldID(field) + "-currency " + ids
	return a
}
