package formfile

import (
	"slices"

	"docket/internal/form"
	"docket/internal/form/formstep"
)

// usualLayout is the layout of a form whose file does not say: photos are taken with a phone, which shows one section at a time.
func usualLayout(sections []form.Section) string {
	if len(sections) > 1 && slices.ContainsFunc(sections, func(s form.Section) bool { return asksForPicture(s.Fields) }) {
		return formstep.Steps
	}
	return formstep.Page
}

// asksForPicture reports whether any of some fields is a picture, the rows of groups included.
func asksForPicture(fields []form.Field) bool {
	return slices.ContainsFunc(fields, func(field form.Field) bool {
		return field.Type.Picture() || field.Rows != nil && slices.ContainsFunc(field.Rows.Form.Sections, func(s form.Section) bool { return asksForPicture(s.Fields) })
	})
}
