package views

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"docket/internal/form"
)

// fewOptions is up to how many options a choice that must be answered shows at once, instead of in a list to open.
const fewOptions = 5

func sheetTitle(site Site, sheet Sheet) string {
	if len(sheet.Invalid) > 0 || sheet.Problem != "" {
		return site.T("sheet.problem")
	}
	return site.T("frame.new_ticket")
}

func lookAgain(site Site, answers int) string { return site.T("sheet.look_again", "Count", answers) }

// fewer is what the form says instead as its mistakes are mended while it is shown, for each number of them a line.
func fewer(site Site, answers int) string {
	lines := []string{}
	for left := 1; left < answers; left++ {
		lines = append(lines, lookAgain(site, left))
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

// asRadios reports whether all options are shown at once. A choice that may stay open is a list:
// a radio button, once chosen, cannot be taken back.
func asRadios(field form.Field) bool {
	return field.Type == form.Choice && field.Required && len(field.Options) <= fewOptions
}

// helpOf is the field's help, or when it must be answered.
func helpOf(site Site, field form.Field) string {
	if field.Help != "" {
		return field.Help
	}
	return neededWhen(site, field)
}

// described reports whether a field has any help.
func described(site Site, field form.Field) bool {
	return helpOf(site, field) != "" || onlyWhen(site, field) != ""
}

func optionsOf(site Site, field form.Field) []form.Option {
	if field.Type == form.Country {
		return form.Countries(site.words().Tag())
	}
	return field.Options
}

// picked are the types of what is picked and not written, so that its length is nobody's concern.
var picked = []form.Type{form.Choice, form.Country, form.Date, form.Checkbox, form.Image, form.File}

// controlAttributes is everything about a field's control that comes from the form file.
func controlAttributes(site Site, field form.Field, problem string) templ.Attributes {
	a := aria(fieldID(field), described(site, field), problem)
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
	a["data-decides"] = decides(site.Form, field)
	if field.MaxLength > 0 && !slices.Contains(picked, field.Type) {
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

// decides reports whether the page is to ask what an answer means as soon as it is there.
func decides(f *form.Form, field form.Field) bool {
	return f.Decides(field.Name) || field.Type == form.MRZ
}

// asks reports whether a form has any such answer.
func asks(f *form.Form) bool {
	for _, section := range f.Sections {
		if slices.ContainsFunc(section.Fields, func(field form.Field) bool { return decides(f, field) }) {
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
