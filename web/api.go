package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/ticket"
)

// call is a handler for another system; by is the key that it showed.
type call func(w http.ResponseWriter, r *http.Request, by account.Key) error

// api is a call for keys that have the scope.
func (s *Server) api(scope account.Scope, c call) http.Handler { return s.open(s.keyed(scope, c)) }

// quick is a call that is mostly answered from memory, which takes less time than to set a deadline. Who loads sets
// one; a read that asks for the primary has that of every request.
func (s *Server) quick(scope account.Scope, c call) http.Handler {
	h := s.keyed(scope, c)
	bounded := s.open(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if noCache(r) {
			bounded.ServeHTTP(w, r)
		} else if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

var (
	ownNoCache = []string{"private, no-cache"} // shared by all answers, as are those of every answer
	jsonType   = []string{"application/json"}
)

func (s *Server) keyed(scope account.Scope, c call) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header()["Cache-Control"] = ownNoCache
		key, err := s.key(r)
		if err != nil {
			return err
		}
		requestOf(r.Context()).actor = ticket.Key(key.Name)
		if !s.rates.allow(key.Name, s.Now()) {
			return errRate
		}
		if !key.May(scope) {
			return errScope
		}
		if noCache(r) {
			r = r.WithContext(ticket.Fresh(r.Context()))
		}
		return c(w, r, key)
	}
}

// key is the key that a request shows.
func (s *Server) key(r *http.Request) (account.Key, error) {
	secret, ok := bearer(r)
	if !ok {
		return account.Key{}, errUnauthenticated
	}
	key, err := s.Keys.Check(r.Context(), secret)
	if errors.Is(err, account.ErrKey) {
		err = errUnauthenticated
	}
	return key, err
}

func bearer(r *http.Request) (string, bool) {
	scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return secret, ok && strings.EqualFold(scheme, "Bearer")
}

// noCache reports whether the request asks for what the primary knows now.
func noCache(r *http.Request) bool {
	given := r.Header["Cache-Control"] // by the name as it is kept: most requests have none, and this is asked twice of each
	if len(given) == 0 {
		return false
	}
	for directive := range strings.SplitSeq(strings.Join(given, ","), ",") {
		if strings.EqualFold(strings.TrimSpace(directive), "no-cache") {
			return true
		}
	}
	return false
}

// parameters reads the query. A parameter that the call does not know, or that is there twice, is refused by name: a
// typing error must not be silently ignored.
func parameters(r *http.Request, known ...string) (url.Values, error) {
	if r.URL.RawQuery == "" {
		return nil, nil
	}
	given, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, explained{error: errMalformed, detail: "The query of the address cannot be read."}
	}
	var wrong invalid
	for name, values := range given {
		switch {
		case !slices.Contains(known, name):
			wrong = append(wrong, fieldProblem{name, "unknown_parameter", "This call has no such parameter."})
		case len(values) > 1:
			wrong = append(wrong, fieldProblem{name, form.CodeGivenTwice, "This parameter may stand there once."})
		case values[0] == "":
			wrong = append(wrong, fieldProblem{name, form.CodeRequired, "This parameter has no value. Leave it out."})
		}
	}
	return given, wrong.sorted()
}

func writeJSON(w http.ResponseWriter, status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header()["Content-Type"] = jsonType
	w.WriteHeader(status)
	_, _ = w.Write(b) // whoever left does not miss it
	return nil
}
