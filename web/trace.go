package web

import (
	"net/http"
	"strings"
)

// traceOf is the request's traceparent, by which a trace of several systems finds its lines in our log; empty when
// there is none, or one that is not as W3C's Trace Context says: whatever it is, it is not to get into the log.
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
