package api

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"encoding/json"
	mathrand "math/rand/v2"
	"net/http"
	"sync"

	"docket/static"
)

const (
	compressFrom = 2 << 10 // bytes of an answer: a shorter one fits into a packet or two
	mostJitter   = 64      // bytes by which the length of an answer is changed
)

// gzipPool are compressors: each has a megabyte.
var gzipPool = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is one
	return w
}}

// writeList answers 200 with a list, compressed where that pays and the client takes it. A comment of random length hides how well: of a text
// that somebody chose and a secret in one answer, the length would tell whether they are alike. An answer that repeats what
// the request says is never compressed.
func writeList(w http.ResponseWriter, r *http.Request, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	w.Header()["Content-Type"] = jsonType
	w.Header().Set("Vary", "Accept-Encoding")
	if len(text) >= compressFrom && static.AcceptsGzip(r) {
		w.Header().Set("Content-Encoding", "gzip")
		text = compress(text, rand.Text()+rand.Text()+rand.Text())
	}
	_, _ = w.Write(text) // a client that has gone needs no answer
	return nil
}

// compress is a text in gzip; of the comment it has a random part.
func compress(text []byte, comment string) []byte {
	var packed bytes.Buffer
	packed.Grow(len(text) / 4)
	z := gzipPool.Get().(*gzip.Writer)
	defer gzipPool.Put(z)
	z.Reset(&packed)
	z.Comment = comment[:min(len(comment), mathrand.IntN(mostJitter+1))]
	_, _ = z.Write(text) // into memory
	_ = z.Close()
	return packed.Bytes()
}
