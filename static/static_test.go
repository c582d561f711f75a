package static_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"docket/static"
)

func get(t *testing.T, path string, header map[string]string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	return w.Result()
}

func TestHandler_CachedForever(t *testing.T) {
	t.Parallel()
	for name, mime := range map[string]string{"app.css": "text/css; charset=utf-8", "app.js": "text/javascript; charset=utf-8", "favicon.svg": "image/svg+xml"} {
		res := get(t, static.Path(name), nil)
		if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != mime || !strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %s %v", name, res.Status, res.Header)
		}
		again := get(t, static.Path(name), map[string]string{"If-None-Match": res.Header.Get("ETag")})
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s again: got %s, want 304", name, again.Status)
		}
	}
}

func TestHandler_Gzip(t *testing.T) {
	t.Parallel()
	plain, _ := io.ReadAll(get(t, static.Path("app.js"), map[string]string{"Accept-Encoding": "br, gzip;q=0"}).Body)
	res := get(t, static.Path("app.js"), map[string]string{"Accept-Encoding": "br, gzip"})
	zipped, err := gzip.NewReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := io.ReadAll(zipped)
	if string(got) != string(plain) || len(plain) == 0 {
		t.Errorf("decompressed %d bytes, want the %d that are served plain", len(got), len(plain))
	}
}

func TestHandler_UnknownPaths(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/static/", "/static/app.css", "/static/app.000000000000.css", "/static/../static.go"} {
		if res := get(t, path, nil); res.StatusCode != http.StatusNotFound {
			t.Errorf("%s: got %s, want 404", path, res.Status)
		}
	}
}
