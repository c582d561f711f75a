package pages

import (
	"net/http"
	"slices"

	"golang.org/x/text/language"

	"docket/internal/form"
	"docket/views"
)

// mostLikely is how many countries are offered before all others.
const mostLikely = 4

// likelyCountries are those that the form has been answered with, and those of the languages that a browser asks for, by their codes.
func (p *Pages) likelyCountries(r *http.Request, view views.FormView) (codes []string) {
	add := func(code string) {
		if code != "" && !slices.Contains(codes, code) && len(codes) < mostLikely {
			codes = append(codes, code)
		}
	}
	for field := range p.Form.Inputs() {
		if field.Type == form.Country {
			add(view.Values.Text(field.Name))
		}
	}
	tags, _, _ := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")) // none when it is malformed
	for _, tag := range append(tags, language.Make(p.words(r).Tag())) {
		add(regionOf(tag))
	}
	return codes
}

// regionOf is the country of a language; empty when many countries speak it and it names none.
func regionOf(tag language.Tag) string {
	region, sure := tag.Region()
	if base, _ := tag.Base(); sure != language.Exact && slices.Contains([]string{"en", "es", "fr", "pt", "ar"}, base.String()) {
		return ""
	}
	if !region.IsCountry() {
		return ""
	}
	return region.ISO3()
}
