package views

import "docket/internal/form"

// lockedText says why a field cannot be changed.
func lockedText(site Site, field form.Field, view FormView) string {
	switch {
	case field.From == "" || site.Link.Visited() && view.Values.Has(field.Name):
		return site.T("link.locked")
	case view.Values.Has(field.Name):
		return site.T("form.known")
	}
	return site.T("form.not_known")
}
