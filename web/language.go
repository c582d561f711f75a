package web

import (
	"cmp"
	"net/http"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/views"
)

const (
	languageCookie = "docket_language"
	aYear          = 365 * 24 * 60 * 60 // seconds
)

// words is the language that this visitor reads.
func (s *Server) words(r *http.Request) *i18n.Words {
	if me(r).Role.Reviews() {
		return i18n.Of(i18n.Source)
	}
	var chosen string
	if c, err := r.Cookie(languageCookie); err == nil {
		chosen = c.Value
	}
	return i18n.Of(s.offer.Choose(chosen, r.Header.Get("Accept-Language")))
}

// formFor is the form in the language that this visitor reads.
func (s *Server) formFor(r *http.Request) *form.Form { return s.Form.In(s.words(r).Tag()) }

// language remembers which language a visitor wants to read, and leads back to where they were.
func (s *Server) language(w http.ResponseWriter, r *http.Request) error {
	if err := readForm(r); err != nil {
		return err
	}
	chosen := r.PostForm.Get("language")
	if !s.offer.Has(chosen) {
		return errMalformed
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: chosen, Path: "/", MaxAge: aYear,
		HttpOnly: true, Secure: s.HTTPS, SameSite: http.SameSiteLaxMode,
	})
	http.Redirect(w, r, cmp.Or(local(r.PostForm.Get("next")), views.HomePath), http.StatusSeeOther)
	return nil
}

// here is the address of the page that a visitor sees: what is posted has none of its own.
func here(r *http.Request) string {
	if r.Method == http.MethodGet && !partial(r) {
		return r.URL.RequestURI()
	}
	return cmp.Or(pageOf(r), views.HomePath)
}
