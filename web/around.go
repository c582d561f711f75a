package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"
)

const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// request is what the log line of a request says.
type request struct {
	id, actor, ticket, code, trace string
	cause                          error
}

type requestKey struct{}

func requestOf(ctx context.Context) *request {
	if q, ok := ctx.Value(requestKey{}).(*request); ok {
		return q
	}
	return &request{}
}

func noteActor(ctx context.Context, id string) {
	if id != uuid.Nil.String() {
		requestOf(ctx).actor = id
	}
}

// around is what happens to every request: an id, headers, a log line, and no fault that ends the process.
func (s *Server) around(mux *http.ServeMux) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.fail(w, r, errCrossOrigin) }))
	routed := origin.Handler(s.routed(mux))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &request{id: uuid.NewString(), trace: traceOf(r)}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		seen := &recorder{ResponseWriter: w}
		s.headers(seen.Header(), q.id)
		began := time.Now()
		s.Metrics.Began()
		defer func() {
			took, status := time.Since(began), cmp.Or(seen.status, http.StatusOK)
			s.Metrics.Answered(r.Pattern, status, took)
			s.Metrics.Refused(status, q.code)
			s.log(r, q, status, took)
		}()
		defer func() {
			if fault := recover(); fault != nil {
				s.panicked(seen, r, fault)
			}
		}()
		routed.ServeHTTP(seen, r)
	})
}

// panicked answers for a handler that broke. What was half written cannot be mended, so the connection ends.
func (s *Server) panicked(w *recorder, r *http.Request, fault any) {
	if fault == http.ErrAbortHandler {
		panic(fault)
	}
	s.Log.Error("a handler panicked", "request_id", requestOf(r.Context()).id, "fault", fmt.Sprintf("%T", fault), "stack", string(debug.Stack()))
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	s.fail(w, r, errBroken)
}

// routed passes a request to its route; what has none gets an answer in our own words.
func (s *Server) routed(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if astray(r) {
			s.fail(w, r, errNoPage)
			return
		}
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		probe := &headerOnly{header: http.Header{}}
		h.ServeHTTP(probe, r)
		if probe.status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", probe.header.Get("Allow"))
			s.fail(w, r, errMethod)
			return
		}
		s.fail(w, r, errNoPage)
	})
}

// astray reports whether a call's address would have to be tidied up first: a browser follows a redirect that does
// so, a program is told that there is nothing.
func astray(r *http.Request) bool {
	address := r.URL.EscapedPath()
	return strings.HasPrefix(address, "/api/") && path.Clean(address) != address
}

func (s *Server) headers(h http.Header, id string) {
	h.Set("X-Request-Id", id)
	h.Set("Content-Security-Policy", csp)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	if s.drains.Load() {
		h.Set("Connection", "close")
	}
	if s.HTTPS {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// log writes the one line of a request: never an answer, a name, a query, a cookie or a token.
func (s *Server) log(r *http.Request, q *request, status int, took time.Duration) {
	level, fields := slog.LevelInfo, []any{
		"request_id", q.id, "route", cmp.Or(r.Pattern, "none"), "status", status, "ms", float64(took.Microseconds()) / 1000,
	}
	for _, field := range [...]struct{ name, value string }{{"actor", q.actor}, {"ticket", q.ticket}, {"code", q.code}, {"traceparent", q.trace}} {
		if field.value != "" {
			fields = append(fields, field.name, field.value)
		}
	}
	if q.cause != nil {
		level, fields = slog.LevelError, append(fields, "error", q.cause.Error())
	}
	s.Log.Log(r.Context(), level, "request", fields...)
}

// recorder remembers the status that was sent.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// headerOnly learns what a handler would have said.
type headerOnly struct {
	header http.Header
	status int
}

func (w *headerOnly) Header() http.Header         { return w.header }
func (w *headerOnly) WriteHeader(status int)      { w.status = status }
func (w *headerOnly) Write(b []byte) (int, error) { return len(b), nil }
