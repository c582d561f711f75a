package pages

import (
	"maps"
	"net/http"

	"github.com/a-h/templ"

	"docket/internal/evidence"
	"docket/internal/form/finding"
	"docket/views"
)

// answerChanged answers a page on which an answer has changed that others depend on: with the markers of fields, and with how the answers
// compare with what was read of their photos.
func (p *Pages) answerChanged(w http.ResponseWriter, r *http.Request, view views.FormView) error {
	site := p.site(r)
	markers := views.VisibilityMarkers(site, view)
	if views.ComparesAnswers(p.Form) {
		compared := view
		compared.Values = maps.Clone(view.Values)
		if err := p.addFiles(r, &compared); err != nil {
			return err
		}
		markers = templ.Join(markers, views.ReadingHints(site, compared))
	}
	return p.render(w, r, http.StatusOK, markers, markers)
}

// addFindings adds what was read of the files of a view and what citizen numbers say, and how that compares with the answers.
func (p *Pages) addFindings(r *http.Request, shown *views.FormView) {
	f := p.formFor(r)
	shown.Citizens = finding.Citizens(f, shown.Values, p.Now())
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
