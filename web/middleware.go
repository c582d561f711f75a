package web

import (
	"cmp"
	"encoding/binary"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/web/problem"
	"docket/web/request"
)

const pageCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// always are the headers of every answer.
var always = []struct {
	name   string
	values []string
}{
	{"Content-Security-Policy", []string{pageCSP}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Referrer-Policy", []string{"no-referrer"}},
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
	{"Cache-Control", []string{"no-store"}},
}

// exchange is a request with its record and what its answer goes through: most requests are for what is remembered, and to
// make each of these apart takes longer than to answer.
type exchange struct {
	request.Record
	idHeader [1]string
	sent     recorder
	routed   routeless
}

// surround is what happens to every request: an id, headers, a log line, and no fault that ends the process.
func (s *Server) surround(mux *http.ServeMux) http.Handler {
	origin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &exchange{Record: request.Record{Context: r.Context(), ID: newID(), Trace: traceOf(r)}, sent: recorder{ResponseWriter: w}}
		q.idHeader[0] = q.ID
		r = r.WithContext(q)
		s.headers(w.Header(), q)
		began := time.Now()
		s.Metrics.Began()
		defer func() {
			took, status := time.Since(began), cmp.Or(q.sent.status, http.StatusOK)
			s.Metrics.Answered(r.Pattern, status, took)
			s.Metrics.Refused(status, q.Code)
			s.log(r, q, status, began, took)
		}()
		defer func() {
			if fault := recover(); fault != nil {
				s.recovered(&q.sent, r, fault)
			}
		}()
		if origin.Check(r) != nil {
			s.fail(&q.sent, r, problem.ErrCrossOrigin)
			return
		}
		s.route(mux, q, r)
	})
}

// newID names a request. It need not be hard to guess, so it does not come from where secrets come from.
func newID() string {
	var id uuid.UUID
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64())
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64())
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80 // version 4, of RFC 9562
	return id.String()
}

// route passes a request to its route; what has none gets an answer in our own words.
func (s *Server) route(mux *http.ServeMux, q *exchange, r *http.Request) {
	if astray(r) {
		s.fail(&q.sent, r, problem.ErrNoPage)
		return
	}
	q.routed = routeless{ResponseWriter: &q.sent, r: r}
	mux.ServeHTTP(&q.routed, r)
	switch {
	case q.routed.status == http.StatusMethodNotAllowed:
		q.sent.Header().Set("Allow", q.routed.header.Get("Allow"))
		s.fail(&q.sent, r, problem.ErrMethod)
	case q.routed.status != 0:
		s.fail(&q.sent, r, problem.ErrNoPage)
	}
}

// onlyPost answers whoever asks with GET for what only POST does.
func onlyPost(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Allow", http.MethodPost)
	return problem.ErrMethod
}

// astray reports whether a call's address would have to be tidied up first: a browser follows a redirect that does
// so, a program is told that there is nothing.
func astray(r *http.Request) bool {
	plain := r.URL.Path
	if !strings.HasPrefix(plain, "/api/") || !strings.Contains(plain, "//") && !strings.Contains(plain, "/.") && !strings.HasSuffix(plain, "/") {
		return false // nothing to tidy up, however it was written
	}
	address := r.URL.EscapedPath()
	return path.Clean(address) != address
}

// headers sets those of every answer. A list is shared by all answers: who adds to it gets a copy, as it has no room.
func (s *Server) headers(h http.Header, q *exchange) {
	for _, one := range always {
		h[one.name] = one.values
	}
	h["X-Request-Id"] = q.idHeader[:]
	if s.draining.Load() {
		h.Set("Connection", "close")
	}
	if s.HTTPS {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
}

// log writes the one line of a request: never an answer, a name, a query, a cookie or a token.
func (s *Server) log(r *http.Request, q *exchange, status int, began time.Time, took time.Duration) {
	level := slog.LevelInfo
	if q.Cause != nil {
		level = slog.LevelError
	}
	if !s.Log.Enabled(r.Context(), level) {
		return
	}
	line := slog.NewRecord(began.Add(took), level, "request", 0) // by hand: nobody asks which line of ours wrote it
	line.AddAttrs(slog.String("request_id", q.ID), slog.String("route", cmp.Or(r.Pattern, "none")),
		slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000))
	for _, field := range [...]struct{ name, value string }{{"actor", q.Actor}, {"ticket", q.Ticket}, {"file", q.File}, {"code", q.Code}, {"traceparent", q.Trace}} {
		if field.value != "" {
			line.AddAttrs(slog.String(field.name, field.value))
		}
	}
	if q.Cause != nil {
		line.AddAttrs(slog.String("error", q.Cause.Error()))
	}
	_ = s.Log.Handler().Handle(r.Context(), line) // there is nowhere to say that the log cannot be written
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
