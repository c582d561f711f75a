package pages

import (
	"net/http"
	"strings"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/request"
)

// Admin leads to what admins manage.
func (p *Pages) Admin(w http.ResponseWriter, r *http.Request) error {
	indexed, err := p.Indexed(r.Context())
	if err != nil {
		return err
	}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.AdminPage(site, indexed), views.Admin(site, indexed))
}

// FindUser redirects to the data of the user whose id was typed.
func (p *Pages) FindUser(w http.ResponseWriter, r *http.Request) error {
	user := strings.TrimSpace(r.URL.Query().Get("user"))
	if user == "" || !request.ValidUserID(user) {
		return ticket.ErrNotFound
	}
	http.Redirect(w, r, views.UserPath(user), http.StatusSeeOther)
	return nil
}
