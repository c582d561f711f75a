package views

import (
	"slices"

	"docket/internal/form"
)

// asks reports whether a sheet asks a field. Whether that applies is another matter.
func (s Sheet) asks(field form.Field) bool { return s.Asked == nil || s.Asked[field.Name] }

func (s Sheet) asksAnyOf(section form.Section) bool {
	return slices.ContainsFunc(section.Fields, s.asks)
}

// carriedOver is what a sheet does not ask, as it was sent before. What does not apply any more is left out.
func carriedOver(site Site, sheet Sheet) []form.ShownSection {
	applies := site.Form.Applies(sheet.Values, site.Now)
	var kept []form.ShownSection
	for _, section := range site.Form.Show(sheet.Mends.Extra) {
		var rows []form.Row
		for _, row := range section.Rows {
			_, known := site.Form.Field(row.Field.Name)
			now, conditional := applies[row.Field.Name]
			if known && row.Text != "" && !sheet.asks(row.Field) && (now || !conditional) {
				rows = append(rows, row)
			}
		}
		if len(rows) > 0 {
			kept = append(kept, form.ShownSection{Title: section.Title, Rows: rows})
		}
	}
	return kept
}

func countRows(sections []form.ShownSection) (n int) {
	for _, section := range sections {
		n += len(section.Rows)
	}
	return n
}
