package pages

import (
	"net/http"
	"strconv"

	"github.com/google/uuid"

	"docket/internal/ticket"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

// LinkPhone shows how to go on with a phone, and leads back to the form when the files are there. before is how many were there when
// the page was opened, and seen how many it shows.
func (p *Pages) LinkPhone(w http.ResponseWriter, r *http.Request) error {
	before, err := fileCount(r, "before")
	if err != nil {
		return err
	}
	seen, err := fileCount(r, "seen")
	if err != nil {
		return err
	}
	owner := request.OwnerOf(r)
	if owner.Link.Ticket != uuid.Nil {
		return p.leavePhone(w, r, p.link(r).Home())
	}
	own, err := p.Desk.TicketsOf(r.Context(), owner.UserID, ticket.Page{Limit: ticketsPerPage})
	if err != nil {
		return err
	}
	form, err := p.openForm(r, own)
	if err != nil {
		return err
	}
	there := 0
	for _, files := range form.Files {
		there += len(files)
	}
	if there > before && !p.lacksFile(form) {
		return p.leavePhone(w, r, p.link(r).Form())
	}
	if r.URL.Query().Has("seen") && there == seen {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	code := p.Links.Code(owner.Link, p.Now())
	address := p.baseURL(r) + views.LinkCodePath(owner.Token, code)
	drawn, err := drawQR(address)
	if err != nil {
		return err
	}
	view := views.LinkPhoneView{QR: drawn, Code: code, Address: p.baseURL(r) + views.LinkPath(owner.Token), Before: before, There: there, Full: owner.Link.Full()}
	site := p.site(r)
	return p.render(w, r, http.StatusOK, views.LinkPhonePage(site, view), views.LinkPhone(site, view))
}

// lacksFile reports whether a file is missing that the form needs.
func (p *Pages) lacksFile(view views.FormView) bool {
	applies := p.Form.Applies(view.Values, p.Now())
	for _, name := range p.Form.Uploads() {
		field, _ := p.Form.Field(name)
		asked, conditional := applies[name]
		if _, there := view.Files[name]; !there && field.Required && (asked || !conditional) && (view.Asked == nil || view.Asked[name]) {
			return true
		}
	}
	return false
}

// leavePhone leads a page that waited for a phone on.
func (p *Pages) leavePhone(w http.ResponseWriter, r *http.Request, to string) error {
	if isFragment(r) {
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// fileCount is a number of files in the query; 0 when there is none.
func fileCount(r *http.Request, name string) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, problem.WrongParameters{name}
	}
	return n, nil
}
