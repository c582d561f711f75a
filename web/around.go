package web

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"path"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"
)

const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// always are the headers of every answer.
var always = http.Header{
	"Content-Security-Policy":      {csp},
	"X-Content-Type-Options":       {"nosniff"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Cache-Control":                {"no-store"},
}

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
		route := &routeless{ResponseWriter: w, r: r}
		mux.ServeHTTP(route, r)
		switch {
		case route.status == http.StatusMethodNotAllowed:
			w.Header().Set("Allow", route.header.Get("Allow"))
			s.fail(w, r, errMethod)
		case route.status != 0:
			s.fail(w, r, errNoPage)
		}
	})
}

// astray reports whether a call's address would have to be tidied up first: a browser follows a redirect that does
// so, a program is told that there is nothing.
func astray(r *http.Request) bool {
	address := r.URL.EscapedPath()
	return strings.HasPrefix(address, "/api/") && path.Clean(address) != address
}

func (s *Server) headers(h http.Header, id string) {
	maps.Copy(h, always) // a list that is added to later is copied by append, as it has no room
	h.Set("X-Request-Id", id)
	if s.drains.Load() {
		h.Set("Connection", "close")
	}
	if s.HTTPS {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// log writes the one line of a request: never an answer, a name, a query, a cookie or a token.
func (s *Server) log(r *http.Request, q *request, status int, took time.Duration) {
	line := make([]slog.Attr, 0, 9)
	line = append(line, slog.String("request_id", q.id), slog.String("route", cmp.Or(r.Pattern, "none")),
		slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000))
	for _, field := range [...]struct{ name, value string }{{"actor", q.actor}, {"ticket", q.ticket}, {"code", q.code}, {"traceparent", q.trace}} {
		if field.value != "" {
			line = append(line, slog.String(field.name, field.value))
		}
	}
	level := slog.LevelInfo
	if q.cause != nil {
		level, line = slog.LevelError, append(line, slog.String("error", q.cause.Error()))
	}
	s.Log.LogAttrs(r.Context(), level, "request", line...)
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

// routeless keeps back what the mux itself says to a request without a route.
type routeless struct {
	http.ResponseWriter
	r      *http.Request // has a pattern as soon as it has a route
	header http.Header
	status int
}

func (w *routeless) Header() http.Header {
	if w.r.Pattern != "" {
		return w.ResponseWriter.Header()
	}
	if w.header == nil {
		w.header = http.Header{}
	}
	return w.header
}

func (w *routeless) WriteHeader(status int) {
	if w.r.Pattern != "" {
		w.ResponseWriter.WriteHeader(status)
		return
	}
	w.status = status
}

func (w *routeless) Write(b []byte) (int, error) {
	if w.r.Pattern != "" {
		return w.ResponseWriter.Write(b)
	}
	return len(b), nil
}

// Unwrap lets http.ResponseController reach the connection.
func (w *routeless) Unwrap() http.ResponseWriter { return w.ResponseWriter }
