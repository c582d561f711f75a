package views

import (
	"slices"
	"strconv"

	"docket/internal/form"
)

// tableColumns is how many columns the rows of a group are shown in beside each other; with more each row is a list.
const tableColumns = 4

// rowPictures are the pictures in the rows of a group, each under the name of its row.
func rowPictures(site Site, group form.Row, known map[string]Measurements) (pictures []form.Row) {
	for place, cells := range group.Table {
		for _, cell := range cells {
			if isPicture(cell, known) {
				cell.Field.Label = inRow(site, group.Field.RowLabel(place, site.words()), cell.Field.Label)
				pictures = append(pictures, cell)
			}
		}
	}
	return pictures
}

// withoutRowPictures is a group whose rows have no pictures, which are shown by themselves.
func withoutRowPictures(group form.Row, known map[string]Measurements) form.Row {
	table := make([][]form.Row, len(group.Table))
	for i, cells := range group.Table {
		table[i] = slices.DeleteFunc(slices.Clone(cells), func(cell form.Row) bool { return isPicture(cell, known) })
	}
	group.Table = table
	return group
}

// tableFields are the fields of the rows of a group that are answered or asked in one of them.
func tableFields(group form.Row) (fields []form.Field) {
	for field := range group.Field.Rows.Form.Fields() {
		if slices.ContainsFunc(group.Table, func(cells []form.Row) bool { return len(cellsOf(cells, field)) > 0 }) {
			fields = append(fields, field)
		}
	}
	return fields
}

// cellsOf are the answers to a field in a row, several where it takes several files; none when it was not asked there.
func cellsOf(cells []form.Row, field form.Field) []form.Row {
	found := slices.DeleteFunc(slices.Clone(cells), func(cell form.Row) bool { return cell.Field.Cell.Name != field.Name })
	for i := range found {
		if len(found) > 1 {
			found[i].Text += " " + strconv.Itoa(i+1)
		}
	}
	return found
}

// anyChanged reports whether one of some answers has changed since the previous attempt.
func anyChanged(rows []form.Row, previous map[string]form.Row) bool {
	return slices.ContainsFunc(rows, func(row form.Row) bool { _, changed := previous[row.Field.Name]; return changed })
}

// rowsGone reports whether rows of a group that the previous attempt had are not there any more, by what it had.
func rowsGone(group form.Row, previous map[string]form.Row) (old form.Row, gone bool) {
	old, changed := previous[group.Field.Name]
	return old, changed && len(old.Table) > len(group.Table)
}

func rowTitle(site Site, group form.Row, place int) string {
	return group.Field.RowLabel(place, site.words())
}

// splitGroups divides answers into runs: a group is one by itself, so that its rows do not stand in a list of answers.
func splitGroups(rows []form.Row) (runs [][]form.Row) {
	for i, row := range rows {
		if i == 0 || row.Table != nil || rows[i-1].Table != nil {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], row)
	}
	return runs
}
