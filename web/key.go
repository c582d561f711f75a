package web

import (
	"errors"
	"net/http"
	"strings"

	"docket/internal/account"
	"docket/internal/ticket"
	"docket/web/api"
	"docket/web/problem"
	"docket/web/request"
)

var keyCacheControl = []string{"private, no-cache"} // shared by all answers

// key is a call for keys that have the scope.
func (s *Server) key(scope account.Scope, c api.Call) http.Handler {
	return s.public(s.withKey(scope, c))
}

// cached is a call that is mostly answered from memory, which takes less time than setting a deadline. The cache sets one
// when it loads; a read that asks for the primary has the usual one.
func (s *Server) cached(scope account.Scope, c api.Call) http.Handler {
	h := s.withKey(scope, c)
	bounded := s.limited(s.public(h))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if request.NoCache(r) {
			bounded.ServeHTTP(w, r)
		} else if err := h(w, r); err != nil {
			s.writeProblem(w, r, err)
		}
	})
}

// waiting is a call that waits if it is asked to. Then it takes no part in the limit of requests, and sets the deadlines of what it
// does itself.
func (s *Server) waiting(scope account.Scope, c api.Call) http.Handler {
	h := s.withKey(scope, c)
	bounded := s.limited(s.public(h))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.RawQuery, "wait=") {
			bounded.ServeHTTP(w, r)
		} else if err := h(w, r); err != nil {
			s.writeProblem(w, r, err)
		}
	})
}

func (s *Server) withKey(scope account.Scope, c api.Call) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header()["Cache-Control"] = keyCacheControl
		key, err := s.checkKey(r)
		if err != nil {
			return err
		}
		request.RecordOf(r.Context()).Actor = ticket.Key(key.Name)
		left, allowed := s.rates.allow(key.Name, s.Now())
		if s.rates.tell(w.Header(), left); !allowed {
			return problem.ErrRate
		}
		if !key.May(scope) {
			return problem.ErrScope
		}
		if request.NoCache(r) {
			r = r.WithContext(ticket.Fresh(r.Context()))
		}
		return c(w, r, key)
	}
}

// checkKey returns the key in the Authorization header, or problem.ErrUnauthenticated.
func (s *Server) checkKey(r *http.Request) (account.Key, error) {
	secret, ok := bearerToken(r)
	if !ok {
		return account.Key{}, problem.ErrUnauthenticated
	}
	key, err := s.Keys.Check(r.Context(), secret)
	if errors.Is(err, account.ErrKey) {
		err = problem.ErrUnauthenticated
	}
	return key, err
}

func bearerToken(r *http.Request) (string, bool) {
	scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return secret, ok && strings.EqualFold(scheme, "Bearer")
}
