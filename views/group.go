package views

import (
	"slices"
	"strconv"
	"strings"

	"docket/internal/form"
)

// groupRow is a row of a group as the form shows it.
type groupRow struct {
	Name   string // such as "owners.1"
	Slot   int
	Title  string // such as "Owner 2"
	Fields []form.Field
}

// rowsOfGroup are the rows of a group that the form shows: those that are given or, where nothing is yet, as many as there must be.
func (s FormView) rowsOfGroup(site Site, group form.Field) (rows []groupRow) {
	slots := group.Slots(s.Values)
	if !s.Values.Has(group.Name) && group.Required {
		least, _ := strconv.Atoi(group.Min) // Empty is zero.
		for len(slots) < max(least, 1) {
			slot := len(slots)
			for slices.Contains(slots, slot) {
				slot = (slot + 1) % group.Many
			}
			slots = append(slots, slot)
		}
	}
	for place, slot := range slots {
		row := groupRow{Name: form.RowName(group.Name, slot), Slot: slot, Title: group.RowLabel(place, site.words())}
		for inside := range group.Rows.Form.Fields() {
			if field, _ := site.Form.Field(row.Name + "." + inside.Name); s.asksField(field) {
				row.Fields = append(row.Fields, field)
			}
		}
		if len(row.Fields) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

// asksRows reports whether the form asks a group with all of its rows, so that rows can be added and removed.
func (s FormView) asksRows(group form.Field) bool { return s.Asked == nil || s.Asked[group.Name] }

// showsField reports whether the form shows an input: of a group, one in a row that is given.
func (s FormView) showsField(f *form.Form, field form.Field) bool {
	return s.asksField(field) && f.Gives(s.Values, field)
}

// problemText is what is wrong with an input, as the list of problems says it: of a group, with its row and, unless the problem names it,
// with its label.
func (s FormView) problemText(site Site, field form.Field) string {
	problem, row := s.Invalid[field.Name], s.rowTitle(site, field)
	switch {
	case problem == "" || row == "":
		return problem
	case strings.Contains(problem, field.Label):
		return row + ": " + problem
	}
	return inRow(site, row, field.Label) + ": " + problem
}

// inputTitle is what an input is called where it stands alone: with its row.
func (s FormView) inputTitle(site Site, field form.Field) string {
	if row := s.rowTitle(site, field); row != "" {
		return inRow(site, row, field.Label)
	}
	return field.Label
}

// rowTitle is the row in which an input stands, as the form calls it; "" when it is in none.
func (s FormView) rowTitle(site Site, field form.Field) string {
	group, inside := site.Form.Field(field.Cell.Group)
	if !inside {
		return ""
	}
	for _, row := range s.rowsOfGroup(site, group) {
		if row.Slot == field.Cell.Slot {
			return row.Title
		}
	}
	return ""
}

// inRow is a label with the row in which it stands.
func inRow(site Site, row, label string) string {
	return site.T("group.field", "Row", row, "Label", label)
}

func addRowText(site Site, group form.Field, rows int) string {
	if rows == 0 {
		return site.T("group.add", "Label", group.Rows.Label)
	}
	return site.T("group.add_another", "Label", group.Rows.Label)
}
