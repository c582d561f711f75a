package web

import (
	"net/http"
)

// pageCSP is what a page may do in a browser.
const pageCSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// jsonCSP keeps a browser from rendering anything of an answer that is JSON.
const jsonCSP = "default-src 'none'; frame-ancestors 'none'"

type header struct {
	name   string
	values []string // shared by all answers: who adds to it gets a copy, as it has no room
}

// jsonHeaders are those of every answer of the JSON interface. With its id, its type, its ETag, its length and its date an
// answer has eight: at the ninth Go makes a header's table anew, which costs the look-up a quarter of its time.
var jsonHeaders = []header{
	{"Content-Security-Policy", []string{jsonCSP}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Cache-Control", []string{"no-store"}},
}

// pageHeaders are those of everything that a browser may render.
var pageHeaders = []header{
	{"Content-Security-Policy", []string{pageCSP}},
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"Cache-Control", []string{"no-store"}},
	{"Referrer-Policy", []string{"same-origin"}}, // with no-referrer, browsers post our own forms with Origin: null
	{"Cross-Origin-Opener-Policy", []string{"same-origin"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
}

// setHeaders sets the headers of every answer.
func (s *Server) setHeaders(h http.Header, r *http.Request, state *requestState) {
	common := jsonHeaders
	if !isAPI(r) && !isProbe(r) {
		common = pageHeaders
		if s.HTTPS {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
	}
	for _, one := range common {
		h[one.name] = one.values
	}
	h["X-Request-Id"] = state.idHeader[:]
	if s.draining.Load() {
		h.Set("Connection", "close")
	}
}

// isProbe reports whether a request asks how the process stands.
func isProbe(r *http.Request) bool {
	return r.URL.Path == livePath || r.URL.Path == readyPath
}
