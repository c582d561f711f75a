package views

import (
	"slices"

	"docket/internal/form"
	"docket/internal/ticket"
)

// GrantPrefix is what the names of inputs begin with that an approval is asked, so that they are not those of the decision.
const GrantPrefix = "grant-"

// GrantField says that a page has sent what an approval is asked. Without it the proposals count.
const GrantField = "grant"

// grantFields are the fields that an approval is asked, as inputs of the form to decide.
func (r Review) grantFields() (fields []form.Field) {
	if r.Grant == nil {
		return nil
	}
	for field := range r.Grant.Fields() {
		field.Name = GrantPrefix + field.Name
		fields = append(fields, field)
	}
	return fields
}

// typedGrant is what stands in the inputs: what the agent typed, else what is proposed.
func (r Review) typedGrant() form.Input {
	typed, given := form.Input{}, r.Typed.Grant
	if given == nil {
		given = r.Proposed
	}
	for name, texts := range given {
		typed[GrantPrefix+name] = texts
	}
	return typed
}

// shownGrant is what an approval granted as people read it, without what was left empty; none when it granted nothing.
func (s Site) shownGrant(t ticket.Ticket, grant []byte) (rows []form.Row) {
	if len(grant) == 0 {
		return nil
	}
	shownBy := s.formOf(t).Grant
	if shownBy == nil {
		shownBy = s.Form.NewGrant(nil)
	}
	for _, section := range shownBy.Show(grant) {
		rows = append(rows, section.Rows...)
	}
	return slices.DeleteFunc(rows, func(row form.Row) bool { return row.Text == "" })
}

// typedGrantRows are what an agent typed for an approval that was not saved.
func (s Site) typedGrantRows(typed form.Input) (rows []form.Row) {
	if s.Form.Grant == nil {
		return nil
	}
	for field := range s.Form.Grant.Fields() {
		if text := s.Form.Grant.ShowInput(field.Name, typed[field.Name]); text != "" {
			rows = append(rows, form.Row{Field: field, Text: text})
		}
	}
	return rows
}
