package pages

import (
	"cmp"
	"net/http"

	"docket/internal/form/formdiff"
	"docket/internal/i18n"
	"docket/views"
	"docket/web/problem"
)

// FormPreview shows the form as customers see it, in one of its languages: at first in that of the admin.
func (p *Pages) FormPreview(w http.ResponseWriter, r *http.Request) error {
	language := cmp.Or(r.URL.Query().Get("language"), p.customerLanguages.Choose(p.words(r).Tag(), ""))
	if !p.customerLanguages.Has(language) {
		return problem.WrongParameters{"language"}
	}
	since, err := p.Forms.Since(r.Context(), p.Form.Version)
	if err != nil {
		return err
	}
	before, beforeSince, err := p.Forms.Before(r.Context(), p.Form.Version)
	if err != nil {
		return err
	}
	site := p.site(r)
	shown := site
	shown.Words, shown.Form, shown.Me = i18n.Of(language), p.Form.In(language), views.Me{}
	preview := views.FormPreview{Shown: shown, Languages: p.customerLanguages.words, Since: since}
	if before != nil {
		preview.Changes = views.FormChanges{Before: beforeSince, Changes: formdiff.Compare(before.In(site.Words.Tag()), site.Form)}
	}
	for _, list := range p.Form.OptionLists() {
		preview.Options = append(preview.Options, list.State())
	}
	return p.render(w, r, http.StatusOK, views.FormPreviewPage(site, preview), views.FormPreviewSection(site, preview))
}
