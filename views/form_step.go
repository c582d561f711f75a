package views

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"docket/internal/form"
	"docket/internal/form/formstep"
	"docket/internal/photo"
)

const smallPreview = photo.SmallPreview

// checksAnswers reports whether the page is the last step, which shows the answers before they are sent.
func (s FormView) checksAnswers() bool {
	return s.Steps != nil && s.Steps[s.Step].Key == formstep.Check
}

// leadsToCheck reports whether the page that follows a step is the last one.
func (s FormView) leadsToCheck() bool {
	return s.Then == formstep.Check || s.Step == len(s.Steps)-2
}

func stepNumber(n int) string { return strconv.Itoa(n) }

func stepCountText(site Site, view FormView) string {
	return site.T("form.step_count", "Step", view.Step+1, "Steps", len(view.Steps))
}

// stepTitle is the heading of a step.
func stepTitle(site Site, step formstep.Step) string {
	switch {
	case step.Key == formstep.Check:
		return site.T("form.check_title")
	case step.Title == "":
		return site.Form.Title
	}
	return step.Title
}

// goesTo lets a button of a step send it to where its draft is kept, which leads on.
func goesTo(site Site) templ.Attributes {
	a := posts(site.Link.Form(), "#ticket-form")
	a["formaction"] = site.Link.Form()
	return a
}

// goesBackTo lets htmx follow the link to a step.
func goesBackTo(site Site, step formstep.Step) templ.Attributes {
	a := gets(site.Link.Step(step.Key, formstep.Check), "#ticket-form")
	a["hx-swap"] = "outerHTML show:top"
	return a
}

// typedAnswer is an answer of the form before it is sent.
type typedAnswer struct {
	Name    string // of its field
	Label   string
	Text    string
	Files   []File
	Problem string
}

// typedAnswers are the answers to a step, without those that were left out.
func typedAnswers(site Site, view FormView, step formstep.Step) (answers []typedAnswer) {
	section, _ := step.Section(site.Form)
	for _, field := range section.Fields {
		if !asksIn(step, field) {
			continue
		}
		for _, answer := range answersOf(site, view, field) {
			if answer.Text != "" || len(answer.Files) > 0 || answer.Problem != "" {
				answers = append(answers, answer)
			}
		}
	}
	return answers
}

// asksIn reports whether a step asks a field; of a group, any of its rows.
func asksIn(step formstep.Step, field form.Field) bool {
	return FormView{Steps: []formstep.Step{step}}.asksField(field)
}

// answersOf is the answer to a field; of a group, those of its rows.
func answersOf(site Site, view FormView, field form.Field) []typedAnswer {
	own := typedAnswer{Name: field.Name, Label: field.Label, Files: view.Files[field.Name], Problem: view.Invalid[field.Name]}
	if field.Rows != nil {
		answers := []typedAnswer{own}
		for place, slot := range field.Slots(view.Values) {
			answers = append(answers, rowAnswers(site, view, field, place, slot)...)
		}
		return answers
	}
	if !field.Type.Upload() {
		own.Text = site.Form.ShowTyped(field.Name, view.Values)
	}
	return []typedAnswer{own}
}

// rowAnswers are the answers in a row of a group, each labelled with the row.
func rowAnswers(site Site, view FormView, group form.Field, place, slot int) (answers []typedAnswer) {
	for inside := range group.Rows.Form.Fields() {
		field, _ := site.Form.Field(form.RowName(group.Name, slot) + "." + inside.Name)
		for _, answer := range answersOf(site, view, field) {
			answer.Label = group.RowLabel(place, site.words()) + " · " + answer.Label
			answers = append(answers, answer)
		}
	}
	return answers
}

// problemAddress is where a mistake is mended: on this page or, of another step, on its.
func problemAddress(site Site, view FormView, field form.Field) string {
	here := "#" + fieldID(field)
	if view.Steps == nil || view.Asks(field.Name) {
		return here
	}
	at, found := formstep.FindInput(view.Steps, field.Name)
	if !found {
		return here
	}
	return site.Link.Step(view.Steps[at].Key, formstep.Check) + here
}

// problemLine is a mistake as the list of them says it: with the field, unless the words name it.
func problemLine(field form.Field, problem string) string {
	if field.Cell.Group != "" || saysAll(problem, field.Label) {
		return problem
	}
	return field.Label + ": " + problem
}

// saysAll reports whether a text has all words of a label, in any order.
func saysAll(text, label string) bool {
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
	}
	said := words(text)
	return !slices.ContainsFunc(words(label), func(word string) bool { return !slices.Contains(said, word) })
}
