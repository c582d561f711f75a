package pages

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"docket/views"
)

// RedirectToLogin sends one who is not signed in to the login page and back again. A fragment cannot show it, so there the
// whole page goes.
func RedirectToLogin(w http.ResponseWriter, r *http.Request) {
	login := views.LoginPath(pageOf(r))
	if partial(r) {
		w.Header().Set("HX-Redirect", login)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, login, http.StatusSeeOther)
}

// pageOf is the page that a request belongs to: of a fragment as the browser tells, of what is posted where its button is.
func pageOf(r *http.Request) string {
	if u, err := url.Parse(r.Header.Get("HX-Current-URL")); partial(r) && err == nil && u.Host == r.Host {
		return local(u.RequestURI())
	}
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return r.URL.RequestURI()
	case r.PathValue("id") != "":
		return path.Dir(r.URL.Path) // a ticket's, without what is to become of it
	case strings.HasPrefix(r.URL.Path, views.ReviewPath(views.Filter{})):
		return views.ReviewPath(views.Filter{})
	}
	return views.NewTicketPath
}

// partial reports whether a fragment is asked for rather than a page.
func partial(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }
