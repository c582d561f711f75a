package views

import (
	"strings"

	"docket/internal/form"
)

// Visibility says of the fields that are asked only under a condition whether they are asked now.
type Visibility map[string]bool

// ofSection is whether any field of a section is asked; conditional is whether that may change.
func (v Visibility) ofSection(s form.Section) (asked, conditional bool) {
	conditional = true
	for _, field := range s.Fields {
		now, depends := v[field.Name]
		conditional = conditional && depends
		asked = asked || now || !depends
	}
	return asked, conditional
}

// askedValue is how a marker says whether what follows it is asked.
func askedValue(asked bool) string {
	if asked {
		return "yes"
	}
	return "no"
}

// onlyWhenText says when a field is asked that is not asked of everybody; "" when it is, or when neededWhenText says it.
func onlyWhenText(site Site, field form.Field) string {
	if field.RequiredWhen != nil && field.WhenHelp != "" {
		return ""
	}
	key := "form.only_when"
	if field.Required {
		key = "form.needed_when"
	}
	return conditionText(site, askedIn(site, field), field.When, field.WhenHelp, key)
}

// askedIn is the form that asks a field: of a row of a group, that of the row.
func askedIn(site Site, field form.Field) *form.Form {
	if group, _ := site.Form.Field(field.Cell.Group); group.Rows != nil {
		return group.Rows.Form
	}
	return site.Form
}

// conditionText is a condition of a form in words; "" when there is none.
func conditionText(site Site, f *form.Form, when *form.Condition, help, key string) string {
	if when == nil || help != "" {
		return help
	}
	return site.T(key, "When", joinTerms(site, f, when.Terms))
}

// neededWhenText says when a field must be answered that else may stay empty; "" when that does not change.
func neededWhenText(site Site, field form.Field) string {
	if field.RequiredWhen == nil {
		return ""
	}
	return conditionText(site, askedIn(site, field), field.RequiredWhen, field.WhenHelp, "form.needed_when")
}

// joinTerms says terms in words.
func joinTerms(site Site, f *form.Form, terms []form.Term) string {
	texts := make([]string, len(terms))
	for i, t := range terms {
		texts[i] = termText(site, f, t)
	}
	return strings.Join(texts, site.T("form.and"))
}

// termText says that a field has an answer, or has it not.
func termText(site Site, f *form.Form, t form.Term) string {
	field, _ := f.SeenField(t.Field)
	if field.Type.Kind() == form.KindBool {
		if t.Not {
			return site.T("form.unticked", "Field", field.Label)
		}
		return site.T("form.ticked", "Field", field.Label)
	}
	labels := make([]string, len(t.Values))
	for i, value := range t.Values {
		labels[i] = "“" + optionLabel(site, field, value) + "”"
	}
	value := strings.Join(labels, site.T("form.or"))
	if field.Type.Several() {
		if t.Not {
			return site.T("form.includes_not", "Field", field.Label, "Value", value)
		}
		return site.T("form.includes", "Field", field.Label, "Value", value)
	}
	if t.Not {
		return site.T("form.is_not", "Field", field.Label, "Value", value)
	}
	return site.T("form.is", "Field", field.Label, "Value", value)
}

// optionLabel is what people read for a value of a choice or a country.
func optionLabel(site Site, field form.Field, value string) string {
	for _, o := range field.OptionsIn(site.words().Tag()) {
		if o.Value == value {
			return o.Label
		}
	}
	return value
}
