package pages

import (
	"maps"
	"net/http"
	"slices"

	"docket/internal/form"
	"docket/internal/form/finding"
	"docket/views"
)

// addProposals fills in what a page asks and another answer proposes. It is not saved before its user sends the page, and what was read of a
// photo is proposed instead.
func (p *Pages) addProposals(r *http.Request, view *views.FormView) {
	if view.Asked != nil || view.Values == nil {
		return
	}
	f, locked := p.formFor(r), p.link(r).Locked
	view.Proposed = map[string]bool{}
	answered := answersAny(*view, f, locked)
	for field := range f.Fields() {
		if field.Proposes == "" || !view.Asks(field.Name) || locked[field.Name] || !takesProposal(*view, field, answered) {
			continue
		}
		texts, problem := field.Check(view.Values.Values(field.Proposes), f.ValuesOf(nil, p.Now()).Today())
		if problem.Code != "" || len(texts) == 0 {
			continue
		}
		view.Values = maps.Clone(view.Values)
		view.Values[field.Name], view.Proposed[field.Name] = texts, true
	}
}

// answersAny reports whether anything that a page asks is answered already: its user has been there.
func answersAny(view views.FormView, f *form.Form, locked map[string]bool) bool {
	for field := range f.Fields() {
		if view.Asks(field.Name) && !locked[field.Name] && view.Values.Text(field.Name) != "" {
			return true
		}
	}
	return false
}

// takesProposal reports whether a field has no answer, and nothing that was read is proposed. An answer that may be left out is proposed the
// first time alone: what was cleared stays so.
func takesProposal(view views.FormView, field form.Field, answered bool) bool {
	read := slices.ContainsFunc(view.Findings, func(one finding.Finding) bool { return one.Field.Name == field.Name && one.Proposes() })
	return !read && view.Values.Text(field.Name) == "" && (field.Required || !answered && !view.Values.Has(field.Name))
}
