// Package static is the files that browsers load beside the pages: a stylesheet, scripts and an icon, embedded and served under
// addresses that change with their content.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

var (
	//go:embed app.css
	css []byte
	//go:embed app.js
	js []byte
	//go:embed upload.js
	upload []byte
	//go:embed select.js
	selects []byte
	//go:embed typing.js
	typing []byte
	//go:embed photos.js
	photos []byte
	//go:embed dev.js
	dev []byte
	//go:embed favicon.svg
	icon []byte
	//go:embed npm/htmx.min.js
	htmx []byte
)

const prefix = "/static/"

// assets are all files: by name, to find the address, and by address, to serve them.
var assets = sync.OnceValue(func() (s struct{ byName, byPath map[string]asset }) {
	s.byName, s.byPath = map[string]asset{}, map[string]asset{}
	for _, a := range []asset{
		newAsset("app.css", "text/css; charset=utf-8", css),
		newAsset("app.js", "text/javascript; charset=utf-8", bytes.Join([][]byte{htmx, js, upload, selects, typing}, []byte("\n;\n"))),
		newAsset("photos.js", "text/javascript; charset=utf-8", photos),
		newAsset("dev.js", "text/javascript; charset=utf-8", dev),
		newAsset("favicon.svg", "image/svg+xml", icon),
	} {
		s.byName[a.name], s.byPath[a.path] = a, a
	}
	return s
})

type asset struct {
	name, path, mime, etag string
	plain, compressed      []byte
}

func newAsset(name, mime string, content []byte) asset {
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:6])
	ext := path.Ext(name)
	return asset{
		name:       name,
		path:       prefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
		mime:       mime,
		etag:       `"` + hash + `"`,
		plain:      content,
		compressed: compress(content),
	}
}

func compress(content []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is a valid one
	_, _ = w.Write(content)                               // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// Path is the address of an asset such as "app.css"; it changes when the content does. Empty for an unknown name.
func Path(name string) string { return assets().byName[name].path }

// Handler serves every asset at its Path, to be kept forever; any other address is a 404.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, known := assets().byPath[r.URL.Path]
		if !known {
			http.NotFound(w, r)
			return
		}
		a.serve(w, r)
	})
}

func (a asset) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.mime)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Vary", "Accept-Encoding")
	body, etag := a.plain, a.etag
	if AcceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body, etag = a.compressed, strings.TrimSuffix(a.etag, `"`)+`-gzip"`
	}
	h.Set("ETag", etag)
	http.ServeContent(w, r, "", time.Time{}, // no Last-Modified: the ETag is enough
		bytes.NewReader(body))
}
