package views

import "docket/internal/form"

// proposedBy is the field whose answer is proposed to another one; false when none is.
func proposedBy(site Site, field form.Field) (form.Field, bool) {
	if field.Proposes == "" || site.Link.Locked[field.Name] {
		return form.Field{}, false
	}
	return site.Form.Field(field.Proposes)
}

func proposedText(site Site, source form.Field) string {
	return site.T("form.proposed", "Label", source.Label)
}
