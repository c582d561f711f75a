package pages

import (
	"net/http"

	"docket/internal/evidence"
	"docket/internal/form/finding"
	"docket/views"
)

// addFindings adds what was read of the files of a view, and how it compares with the answers.
func (p *Pages) addFindings(r *http.Request, shown *views.FormView) {
	f := p.formFor(r)
	if len(f.Reads) == 0 {
		return
	}
	readings := map[string]evidence.Reading{}
	for name, stored := range shown.Files {
		if len(stored) > 0 {
			readings[name] = stored[0].Reading
		}
	}
	shown.Findings = finding.Of(f, shown.Values, readings, f.ValuesOf(nil, p.Now()).Today())
}
