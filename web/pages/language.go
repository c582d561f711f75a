package pages

import (
	"cmp"
	"net/http"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/views"
	"docket/web/problem"
	"docket/web/request"
)

const (
	languageCookie = "docket_language"
	aYear          = 365 * 24 * 60 * 60 // seconds
)

// words is the language that this visitor reads.
func (p *Pages) words(r *http.Request) *i18n.Words {
	if request.Account(r).Role.Reviews() {
		return i18n.Of(i18n.Source)
	}
	var chosen string
	if c, err := r.Cookie(languageCookie); err == nil {
		chosen = c.Value
	}
	return i18n.Of(p.offer.Choose(chosen, r.Header.Get("Accept-Language")))
}

// formFor is the form in the language that this visitor reads.
func (p *Pages) formFor(r *http.Request) *form.Form { return p.Form.In(p.words(r).Tag()) }

// Language remembers which language a visitor wants to read, and leads back to where they were.
func (p *Pages) Language(w http.ResponseWriter, r *http.Request) error {
	if err := request.ParseForm(r); err != nil {
		return err
	}
	chosen := r.PostForm.Get("language")
	if !p.offer.Has(chosen) {
		return problem.ErrMalformed
	}
	http.SetCookie(w, &http.Cookie{
		Name: languageCookie, Value: chosen, Path: "/", MaxAge: aYear,
		HttpOnly: true, Secure: p.HTTPS, SameSite: http.SameSiteLaxMode,
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
