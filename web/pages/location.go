package pages

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"docket/internal/account"
	"docket/views"
	"docket/web/request"
)

// RedirectToLogin redirects to the page that completes the session of a request, or to the login page; that leads back. A
// fragment makes htmx load the whole page.
func RedirectToLogin(w http.ResponseWriter, r *http.Request) {
	login := stagePath(request.Session(r).Stage, localPath(currentPage(r)))
	if isFragment(r) {
		w.Header().Set("HX-Redirect", login)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	http.Redirect(w, r, login, http.StatusSeeOther)
}

// stagePath is the page that leads a session on from a stage; without a session the login page.
func stagePath(stage account.Stage, next string) string {
	switch stage {
	case account.NeedsCode:
		return views.CodePath(next)
	case account.NeedsPassword:
		return views.PasswordPath(next)
	case account.NeedsFactor:
		return views.FactorPath(next)
	default:
		return views.LoginPath(next)
	}
}

// currentPage is the page that a request was sent from: for a fragment what htmx says, for a POST the page of its button.
func currentPage(r *http.Request) string {
	if u, err := url.Parse(r.Header.Get("HX-Current-URL")); isFragment(r) && err == nil && u.Host == r.Host {
		return localPath(u.RequestURI())
	}
	switch {
	case r.Method == http.MethodGet || r.Method == http.MethodHead:
		return r.URL.RequestURI()
	case r.PathValue("id") != "":
		return path.Dir(r.URL.Path) // a ticket's page, without the action
	case strings.HasPrefix(r.URL.Path, views.ReviewPath(views.Filter{})):
		return views.ReviewPath(views.Filter{})
	case strings.HasPrefix(r.URL.Path, views.AccountPath):
		return views.AccountPath
	}
	return views.NewTicketPath
}

// isFragment reports whether htmx asks for a fragment and not for a page.
func isFragment(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }
