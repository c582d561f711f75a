package views

import (
	"slices"

	"docket/internal/form"
	"docket/internal/ticket"
)

// ColumnPrefix stands before the name of a field in the address of a list that shows its answers; the value is ColumnShown.
const (
	ColumnPrefix = "c."
	ColumnShown  = "yes"
)

// ColumnFields are the fields whose answers a list can show.
func ColumnFields(f *form.Form) (fields []form.Field) {
	for field := range f.Fields() {
		if !field.Type.Upload() {
			fields = append(fields, field)
		}
	}
	return fields
}

// columns are the fields whose answers the list shows, in the order of the form.
func (q QueueView) columns(site Site) []form.Field {
	if len(q.Filter.Columns) == 0 {
		return nil
	}
	return slices.DeleteFunc(ColumnFields(site.Form), func(field form.Field) bool { return !slices.Contains(q.Filter.Columns, field.Name) })
}

// answersOf are the answers of a ticket for these columns; empty ones of a ticket that was erased.
func (s Site) answersOf(t ticket.Ticket, columns []form.Field) []string {
	answers := make([]string, len(columns))
	if len(columns) == 0 || t.Erased() {
		return answers
	}
	rows := rowsOf(s.formOf(t), t)
	for i, field := range columns {
		answers[i] = rows[field.Name].Text
	}
	return answers
}
