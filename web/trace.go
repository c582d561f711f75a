package web

import (
	"net/http"
	"strings"
)

// traceOf is the request's traceparent for the log line; empty when there is none, or one that W3C's Trace Context does not
// allow: other text must not get into the log.
func traceOf(r *http.Request) string {
	given := r.Header.Values("Traceparent")
	if len(given) != 1 {
		return ""
	}
	parts := strings.Split(given[0], "-")
	if len(parts) != 4 || parts[0] != "00" || len(parts[3]) != 2 {
		return ""
	}
	trace, parent := parts[1], parts[2]
	if len(trace) != 32 || len(parent) != 16 || !isHexadecimal(trace+parent+parts[3]) || isZero(trace) || isZero(parent) {
		return ""
	}
	return given[0]
}

func isHexadecimal(text string) bool { return strings.Trim(text, "0123456789abcdef") == "" }

func isZero(text string) bool { return strings.Trim(text, "0") == "" }
