package views

import (
	"slices"

	"docket/internal/form"
)

// settleField is a field as a page asks it that knows the answers on which it depends, as they are asked elsewhere: it is required or not,
// and says nothing of when.
func (s FormView) settleField(site Site, field form.Field) form.Field {
	if s.settles(field.When) {
		field.When = nil
	}
	if s.settles(field.RequiredWhen) {
		field.Required, field.RequiredWhen = site.Form.Holds(field.RequiredWhen, s.Values, site.Now), nil
	}
	if field.When == nil && field.RequiredWhen == nil {
		field.WhenHelp = ""
	}
	return field
}

// settles reports whether a condition looks at no answer that the page asks.
func (s FormView) settles(when *form.Condition) bool {
	return when != nil && !slices.ContainsFunc(when.Fields, s.Asks)
}
