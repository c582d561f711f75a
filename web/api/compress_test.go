package api

import (
	"bytes"
	"testing"
)

// The length of a compressed list does not tell how well it was compressed.
func TestCompress_LengthVaries(t *testing.T) {
	t.Parallel()
	text, comment := bytes.Repeat([]byte("ticket "), 1000), string(bytes.Repeat([]byte("x"), mostJitter))
	lengths := map[int]bool{}
	for range 200 {
		lengths[len(compress(text, comment))] = true
	}
	if len(lengths) < mostJitter/4 {
		t.Errorf("200 times one text has %d lengths, of %d", len(lengths), mostJitter+1)
	}
}
