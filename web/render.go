package web

import (
	"bytes"
	"net/http"

	"github.com/a-h/templ"

	"docket/views"
)

// render writes a page, or for a fragment the part of it that is swapped. It is rendered to memory first: a fault in
// the middle becomes an error page and not half a page.
func (s *Server) render(w http.ResponseWriter, r *http.Request, status int, page, part templ.Component) error {
	shown := page
	if partial(r) {
		shown = part
	}
	var b bytes.Buffer
	if err := shown.Render(r.Context(), &b); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "HX-Request, Accept-Language, Cookie")
	w.Header().Set("Content-Language", s.words(r).Tag())
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // whoever left does not miss it
	return nil
}

// site is what a page shows around its content. Agents work in one language; customers read theirs.
func (s *Server) site(r *http.Request) views.Site {
	words := s.words(r)
	site := views.Site{Form: s.formFor(r), Now: s.Now(), Words: words, Here: here(r)}
	if a := me(r); a.Email != "" {
		site.Me = views.Me{ID: a.ID.String(), Email: a.Email, Role: string(a.Role)}
	}
	if !site.Me.Reviews() {
		site.Languages = s.spoken
	}
	return site
}
