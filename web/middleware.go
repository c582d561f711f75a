package web

import (
	"cmp"
	"encoding/binary"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/web/problem"
	"docket/web/request"
)

// requestState is a request with its record and its response: most requests are for what is in memory, and to allocate each of
// these apart takes longer than to answer.
type requestState struct {
	request.Record
	idHeader [1]string
	response response
}

// wrap puts around every request what all have in common: an id, headers, a log line, and no panic that ends the process.
func (s *Server) wrap(mux *http.ServeMux) http.Handler {
	origin := newOriginCheck(s.BaseURL)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		state := &requestState{Record: request.Record{Context: r.Context(), ID: newRequestID(), Trace: traceOf(r), Client: request.Client(r, s.TrustedProxies)}}
		state.idHeader[0] = state.ID
		r = r.WithContext(state)
		state.response = response{ResponseWriter: w, request: r}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			state.response.beforeAnswer = s.pages.NoteWrite
		}
		s.setHeaders(w.Header(), r, state)
		began := time.Now()
		s.Metrics.RequestStarted()
		defer func() {
			took, status := time.Since(began), cmp.Or(state.response.status, http.StatusOK)
			s.Metrics.RequestDone(r.Pattern, status, took)
			s.Metrics.CountUnavailable(status, state.Code)
			s.logRequest(r, &state.Record, status, took)
		}()
		defer func() {
			if fault := recover(); fault != nil {
				s.handlePanic(&state.response, r, fault)
			}
		}()
		if origin.Check(r) != nil {
			s.writeProblem(&state.response, r, problem.ErrCrossOrigin)
			return
		}
		s.route(mux, &state.response, r)
	})
}

// newOriginCheck refuses what other sites make a browser send. Requests from baseURL are of this site, whichever host a proxy
// names to us.
func newOriginCheck(baseURL string) *http.CrossOriginProtection {
	check := http.NewCrossOriginProtection()
	if origin := originOf(baseURL); origin != "" {
		_ = check.AddTrustedOrigin(origin) // an origin of that form is never refused
	}
	return check
}

// originOf is the origin of an address as browsers write it: in lower case, without the usual port; empty when it has none.
func originOf(address string) string {
	u, err := url.Parse(strings.ToLower(address))
	if err != nil || u.Scheme == "" || u.Host == "" {
		return ""
	}
	usual := map[string]string{"http": ":80", "https": ":443"}
	return u.Scheme + "://" + strings.TrimSuffix(u.Host, usual[u.Scheme])
}

// newRequestID names a request. It need not be hard to guess, so it does not come from where secrets come from.
func newRequestID() string {
	var id uuid.UUID
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64())
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4, of RFC 9562
	return id.String()
}

// route passes a request to its route; one without a route gets a problem.
func (s *Server) route(mux *http.ServeMux, w *response, r *http.Request) {
	if isUncleanAPIPath(r) {
		s.writeProblem(w, r, problem.ErrNoPage)
		return
	}
	if h := findSlashUser(mux, r); h != nil {
		h.ServeHTTP(w, r)
		return
	}
	w.holdsUnrouted = true
	mux.ServeHTTP(w, r)
	w.holdsUnrouted = false
	switch w.heldStatus {
	case 0:
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", w.heldHeader.Get("Allow"))
		s.writeProblem(w, r, problem.ErrMethod)
	default:
		s.writeProblem(w, r, problem.ErrNoPage)
	}
}

// findSlashUser is the route of a request about the user whose id is "/", or nil: the mux takes a part that is "%2F" alone for the end of
// the address.
func findSlashUser(mux *http.ServeMux, r *http.Request) http.Handler {
	const users = "/users/"
	before, after, found := strings.Cut(r.URL.RawPath, users)
	user, _, _ := strings.Cut(after, "/")
	if !found || !strings.EqualFold(user, "%2F") {
		return nil
	}
	another := *r
	another.URL = &url.URL{Path: before + users + "-" + after[len(user):]}
	h, pattern := mux.Handler(&another)
	if !strings.Contains(pattern, "{user_id}") {
		return nil
	}
	r.Pattern = pattern
	r.SetPathValue("user_id", "/")
	return h
}

// onlyPost refuses every other method.
func onlyPost(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Allow", http.MethodPost)
	return problem.ErrMethod
}

// isUncleanAPIPath reports whether a call's path has empty or relative parts. The mux would redirect it, which programs do
// not always follow: they get 404.
func isUncleanAPIPath(r *http.Request) bool {
	plain := r.URL.Path
	if !isAPI(r) || !strings.Contains(plain, "//") && !strings.Contains(plain, "/.") && !strings.HasSuffix(plain, "/") {
		return false // there is nothing to clean, however it was written
	}
	address := r.URL.EscapedPath()
	return path.Clean(address) != address
}

// isAPI reports whether a request is for the JSON interface.
func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }
