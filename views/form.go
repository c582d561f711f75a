package views

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"docket/internal/form"
)

func formTitle(site Site, view FormView) string {
	if view.Steps != nil {
		title := stepTitle(site, view.Steps[view.Step]) + " – " + stepCountText(site, view)
		if len(view.Invalid) > 0 || view.Problem != "" {
			title = site.T("frame.error") + " " + title
		}
		return title
	}
	if len(view.Invalid) > 0 || view.Problem != "" {
		return site.T("form.problem")
	}
	return site.T("frame.new_ticket")
}

func lookAgainText(site Site, answers int) string {
	return site.T("form.look_again", "Count", answers)
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

func fieldID(field form.Field) string { return InputID(field.Name) }

// InputID names the element of an input, or of a row of a group. A point would have to be escaped in selectors.
func InputID(name string) string { return "field-" + strings.ReplaceAll(name, ".", "-") }

// optionID names a radio button or a checkbox of several; the first has the id of the field, so that a link to the field leads there.
func optionID(field form.Field, i int) string {
	if i == 0 {
		return fieldID(field)
	}
	return fieldID(field) + "-" + strconv.Itoa(i)
}

// hasHelp reports whether a field has any help.
func hasHelp(site Site, field form.Field) bool {
	return field.Help != "" || neededWhenText(site, field) != "" || onlyWhenText(site, field) != ""
}

// controlAttributes is everything about a field's control that comes from the form file.
func controlAttributes(site Site, field form.Field, problem string) templ.Attributes {
	a := describedBy(fieldID(field), hasHelp(site, field), problem)
	if problem == "" && site.Form.HasChecks(field.Name) {
		a["aria-describedby"] = describedByProblem(a["aria-describedby"], fieldID(field))
	}
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
	control := field.Control()
	set("type", control.InputType)
	set("inputmode", control.InputMode)
	if control.HasMaxLength && field.MaxLength > 0 {
		a["maxlength"] = strconv.Itoa(field.MaxLength)
	}
	if control.AutoDirection {
		a["dir"] = "auto"
	} else if control.NoSpellcheck || slices.Contains([]string{"email", "tel", "url"}, control.InputType) {
		a["dir"] = "ltr" // in every language
	}
	if control.HasDateBounds {
		set("min", site.Form.DateBound(field.Min, site.Now))
		set("max", site.Form.DateBound(field.Max, site.Now))
	}
	set("min", control.Min)
	set("max", control.Max)
	if control.Rows > 0 {
		a["rows"] = strconv.Itoa(control.Rows)
	}
	if control.NoSpellcheck {
		a["class"], a["autocapitalize"], a["autocorrect"], a["spellcheck"] = "ref", "characters", "off", "false"
	}
	return a
}

// refreshesForm reports whether the page asks the server again as soon as this field changes.
func refreshesForm(f *form.Form, field form.Field) bool {
	return f.Decides(field.Name) || field.Control().ShowsWarning
}

// hasAskingFields reports whether any field of a form refreshes it.
func hasAskingFields(f *form.Form) bool {
	return slices.ContainsFunc(slices.Collect(f.Inputs()), func(field form.Field) bool { return refreshesForm(f, field) })
}
