package static

import (
	"net/http"
	"strings"
)

// AcceptsGzip reports whether the client accepts gzip: it is named, and not with q=0.
func AcceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		coding, quality, _ := strings.Cut(strings.ToLower(part), ";")
		if strings.TrimSpace(coding) == "gzip" {
			q := strings.Trim(strings.TrimPrefix(strings.TrimSpace(quality), "q="), "0.")
			return strings.TrimSpace(quality) == "" || q != ""
		}
	}
	return false
}
