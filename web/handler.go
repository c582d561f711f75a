package web

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"docket/internal/account"
	"docket/internal/ticket"
	"docket/views"
)

// FreshTime is how long one who wrote with a browser reads from the primary.
const FreshTime = 15 * time.Second

const (
	requestTime = 8 * time.Second // how long any answer may take
	freshCookie = "docket_wrote"
	bodyMost    = 1 << 20
)

// handler answers a request or says why not; what it returns has one way down, the error table.
type handler func(w http.ResponseWriter, r *http.Request) error

type meKey struct{}

// me is who is signed in: the zero Account where the route is open to all.
func me(r *http.Request) account.Account {
	a, _ := r.Context().Value(meKey{}).(account.Account)
	return a
}

// open is a handler for everybody, without a session.
func (s *Server) open(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTime)
		defer cancel()
		r = r.WithContext(ctx)
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// urgent lets a handler through when the databases are busy: what ends work or tells how it stands comes before what
// begins more of it.
func urgent(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r.WithContext(ticket.Urgent(r.Context())))
	})
}

// page is a handler for everybody, who may be signed in.
func (s *Server) page(h handler) http.Handler { return s.open(s.known(bodyMost, h)) }

// known finds out who is asking, and reads no more than so many bytes of what they send.
func (s *Server) known(most int64, h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := plainBody(r); err != nil {
			return err
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		a, ok, err := s.Sessions.Account(r)
		if err != nil {
			return err
		}
		ctx := context.WithValue(r.Context(), meKey{}, a)
		if ok && (s.wrote(w, r) || noCache(r)) {
			ctx = ticket.Fresh(ctx)
		}
		noteActor(ctx, a.ID.String())
		r = r.WithContext(ctx)
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
		return nil
	}
}

func (s *Server) customer(h handler) http.Handler {
	return s.page(s.only(customers, h))
}

func (s *Server) agent(h handler) http.Handler {
	return s.page(s.only(account.Role.Reviews, h))
}

// only lets in whoever is signed in with the right role.
func (s *Server) only(may func(account.Role) bool, h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		switch a := me(r); {
		case a == account.Account{}:
			return errSignIn
		case !may(a.Role):
			return errForbidden
		}
		return h(w, r)
	}
}

// wrote reports whether this browser wrote a moment ago, and remembers that it does so now. The mark is set before
// the write, so that it is there even if the answer is lost.
func (s *Server) wrote(w http.ResponseWriter, r *http.Request) bool {
	if r.Method == http.MethodPost {
		http.SetCookie(w, &http.Cookie{
			Name: freshCookie, Value: "1", Path: "/", MaxAge: int(FreshTime.Seconds()),
			HttpOnly: true, Secure: s.HTTPS, SameSite: http.SameSiteLaxMode,
		})
		return true
	}
	_, err := r.Cookie(freshCookie)
	return err == nil
}

// signIn sends one who is not signed in to the login page and back again. A fragment cannot show it, so there the
// whole page goes.
func signIn(w http.ResponseWriter, r *http.Request) {
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
