package pages

import (
	"net/http"

	"docket/views"
)

// API shows the description of the JSON interface. It holds nothing that needs an account.
func (p *Pages) API(w http.ResponseWriter, r *http.Request) error {
	site, document := p.site(r), p.Document()
	return p.render(w, r, http.StatusOK, views.APIPage(site, document), views.APISection(site, document))
}
