package views

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"docket/internal/form"
)

// maxRadios is the greatest number of options that a required choice shows as radio buttons instead of in a list.
const maxRadios = 5

func formTitle(site Site, sheet Sheet) string {
	if len(sheet.Invalid) > 0 || sheet.Problem != "" {
		return site.T("sheet.problem")
	}
	return site.T("frame.new_ticket")
}

func lookAgainText(site Site, answers int) string {
	return site.T("sheet.look_again", "Count", answers)
}

// fewerProblemsText is what the form says instead as its mistakes are corrected while it is shown: a line for each smaller
// number of them.
func fewerProblemsText(site Site, answers int) string {
	lines := []string{}
	for left := 1; left < answers; left++ {
		lines = append(lines, lookAgainText(site, left))
	}
	return strings.Join(lines, "\n")
}

func sectionID(i int) string { return "part-" + strconv.Itoa(i) }

func fieldID(field form.Field) string { return "field-" + field.Name }

// optionID names a radio button; the first has the id of the field, so that a link to the field leads there.
func optionID(field form.Field, i int) string {
	if i == 0 {
		return fieldID(field)
	}
	return fieldID(field) + "-" + strconv.Itoa(i)
}

// asRadios reports whether all options are shown at once. An optional choice is a list: a radio button, once chosen, cannot be
// cleared.
func asRadios(field form.Field) bool {
	return field.Type == form.Choice && field.Required && len(field.Options) <= maxRadios
}

// helpText is the field's help, or when it must be answered.
func helpText(site Site, field form.Field) string {
	if field.Help != "" {
		return field.Help
	}
	return neededWhenText(site, field)
}

// hasHelp reports whether a field has any help.
func hasHelp(site Site, field form.Field) bool {
	return helpText(site, field) != "" || onlyWhenText(site, field) != ""
}

func optionsOf(site Site, field form.Field) []form.Option {
	if field.Type == form.Country {
		return form.Countries(site.words().Tag())
	}
	return field.Options
}

// pickedTypes are the types of what is picked and not written: they have no greatest length on the page.
var pickedTypes = []form.Type{form.Choice, form.Country, form.Date, form.Checkbox, form.Image, form.File}

// controlAttributes is everything about a field's control that comes from the form file.
func controlAttributes(site Site, field form.Field, problem string) templ.Attributes {
	a := describedBy(fieldID(field), hasHelp(site, field), problem)
	a["id"], a["name"] = fieldID(field), field.Name
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	set("autocomplete", field.Autocomplete)
	if field.Required {
		a["required"] = true
	}
	a["data-decides"] = refreshesForm(site.Form, field)
	if field.MaxLength > 0 && !slices.Contains(pickedTypes, field.Type) {
		a["maxlength"] = strconv.Itoa(field.MaxLength)
	}
	switch field.Type {
	case form.Text:
		a["type"], a["dir"] = "text", "auto"
	case form.Email:
		a["type"], a["inputmode"] = "email", "email"
	case form.Tel:
		a["type"], a["inputmode"] = "tel", "tel"
	case form.Number:
		a["type"], a["inputmode"] = "text", inputMode(field)
	case form.Date:
		a["type"] = "date"
		set("min", site.Form.Bound(field.Min, site.Now))
		set("max", site.Form.Bound(field.Max, site.Now))
	}
	return a
}

// refreshesForm reports whether the page asks the server again as soon as this field changes.
func refreshesForm(f *form.Form, field form.Field) bool {
	return f.Decides(field.Name) || field.Type == form.MRZ
}

// hasAskingFields reports whether any field of a form refreshes it.
func hasAskingFields(f *form.Form) bool {
	for _, section := range f.Sections {
		if slices.ContainsFunc(section.Fields, func(field form.Field) bool { return refreshesForm(f, field) }) {
			return true
		}
	}
	return false
}

// inputMode is the keyboard that a phone shows for a number. The one for digits alone has no minus on some phones.
func inputMode(field form.Field) string {
	if field.Decimals == 0 && field.Min != "" && !strings.HasPrefix(field.Min, "-") {
		return "numeric"
	}
	return "decimal"
}
