package views

import (
	"slices"
	"strconv"

	"docket/internal/form"
)

// rejectRow is a row of a ticket that can be rejected alone.
type rejectRow struct {
	Name   string // such as "owners.1"
	Title  string // such as "Owner 2"
	About  string // the first answer in it
	Key    string // what to press for it; empty: it has none
	Picked bool
}

// rejectRows are the rows of a group of the ticket that can be rejected alone; none where there is one row.
func (r Review) rejectRows(site Site, group form.Field) (rows []rejectRow) {
	answers := rowsOf(site.Form, r.Ticket)[group.Name]
	if len(answers.Table) < 2 {
		return nil
	}
	for place, cells := range answers.Table {
		row := rejectRow{Name: form.RowName(group.Name, place), Title: group.RowLabel(place, site.words())}
		if place < 9 {
			row.Key = strconv.Itoa(place + 1)
		}
		first := slices.IndexFunc(cells, func(cell form.Row) bool { return cell.Text != "" && cell.File == "" })
		if first >= 0 {
			row.About = cells[first].Text
		}
		row.Picked = slices.Contains(r.Typed.Rows, row.Name)
		rows = append(rows, row)
	}
	return rows
}

// rejectGroups are the groups at whose rows a reason points.
func rejectGroups(f *form.Form) (groups []form.Field) {
	for _, name := range f.GroupsOf(f.Reasons...) {
		group, _ := f.Field(name)
		groups = append(groups, group)
	}
	return groups
}
