package pages

import (
	"net/http"

	"docket/web/problem"
)

// Theme sends the logo or the stylesheet of the form, to be kept for ever: another content has another address.
func (p *Pages) Theme(w http.ResponseWriter, r *http.Request) error {
	asset := p.Form.Theme.Asset(r.PathValue("name"))
	if asset == nil {
		return problem.ErrNoPage
	}
	h := w.Header()
	h.Set("Content-Type", asset.Type)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox") // a logo that is opened alone does nothing
	_, _ = w.Write(asset.Content)                                   // a client that has gone needs no answer
	return nil
}
