package views

import (
	"slices"
	"strings"

	"docket/internal/form"
)

// Asks reports whether the page asks an input.
func (s FormView) Asks(name string) bool { return s.inputs() == nil || s.inputs()[name] }

// inputs are those that the page asks; nil: all.
func (s FormView) inputs() map[string]bool {
	if s.Steps != nil {
		return s.Steps[s.Step].Inputs
	}
	return s.Asked
}

// goesOn reports whether the page says that the form is as its user left it: of steps only where they come back to it.
func (s FormView) goesOn() bool { return s.FromDraft && (s.Steps == nil || s.Resumed) }

// asksField reports whether the form asks a field. Whether that applies is another matter.
func (s FormView) asksField(field form.Field) bool {
	if field.Rows == nil || s.Asks(field.Name) {
		return s.Asks(field.Name)
	}
	for name := range s.inputs() {
		if strings.HasPrefix(name, field.Name+".") {
			return true
		}
	}
	return false
}

func (s FormView) asksAnyOf(section form.Section) bool {
	return slices.ContainsFunc(section.Fields, s.asksField)
}

// carriedOver is what a view does not ask, as it was sent before. What does not apply any more is left out.
func carriedOver(site Site, view FormView) []form.ShownSection {
	applies := site.Form.Applies(view.Values, site.Now)
	var carried []form.ShownSection
	for _, section := range site.Form.Show(view.Previous.Extra) {
		var rows []form.Row
		for _, row := range section.Rows {
			_, known := site.Form.Field(row.Field.Name)
			now, conditional := applies[row.Field.Name]
			if known && row.Text != "" && !view.asksField(row.Field) && (now || !conditional) {
				rows = append(rows, row)
			}
		}
		if len(rows) > 0 {
			carried = append(carried, form.ShownSection{Title: section.Title, Rows: rows})
		}
	}
	return carried
}

func countRows(sections []form.ShownSection) (n int) {
	for _, section := range sections {
		n += len(section.Rows)
	}
	return n
}

// refusedPhoto is the id of the picture that was sent for a field before, when its rejection asks for another one; empty: none.
func (s FormView) refusedPhoto(site Site, field form.Field) string {
	if s.Previous == nil || s.Previous.Erased() || field.Type != form.Image {
		return ""
	}
	refused := site.Form.RefusedInputs(s.Previous.Decision, site.Form.InputFromAnswers(s.Previous.Extra))
	if !slices.Contains(refused, field.Name) {
		return ""
	}
	return rowsOf(site.Form, *s.Previous)[field.Name].File
}
