package picture_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strings"
	"testing"

	"docket/internal/picture"
	"docket/internal/testpicture"
)

// Not parallel: it measures what the whole process takes.
func TestHostileFilesAreRefusedWithoutTakingMemory(t *testing.T) {
	photo := testpicture.JPEG(testpicture.Front(testpicture.Anna, 800), 85)
	drawn := testpicture.PNG(testpicture.Back(testpicture.Anna, 400))
	pad := func(s string) []byte { return []byte(s + strings.Repeat(" ", picture.MinBytes)) }
	const few, photoLike = 64 << 10, 8 << 20
	for _, file := range []struct {
		name  string
		data  []byte
		want  error
		bytes uint64 // that may be taken
	}{
		{"nothing", nil, picture.ErrEmpty, few},
		{"99 bytes", photo[:99], picture.ErrEmpty, few},
		{"10 MiB and one byte", append(bytes.Clone(photo), make([]byte, picture.MaxBytes+1-len(photo))...), picture.ErrTooLarge, few},
		{"SVG", pad(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), picture.ErrType, few},
		{"XML, then SVG", pad(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), picture.ErrType, few},
		{"HTML", pad("<!doctype html><script>alert(1)</script>"), picture.ErrType, few},
		{"HTML, then JPEG", append([]byte("<!doctype html>"), photo...), picture.ErrType, few},
		{"GIF", pad("GIF89a\x01\x00\x01\x00"), picture.ErrType, few},
		{"WebP", pad("RIFF\x24\x00\x00\x00WEBPVP8 "), picture.ErrType, few},
		{"BMP", pad("BM"), picture.ErrType, few},
		{"TIFF", pad("II*\x00"), picture.ErrType, few},
		{"PDF", pad("%PDF-1.7\n"), picture.ErrType, few},
		{"ZIP", pad("PK\x03\x04"), picture.ErrType, few},
		{"gzip", pad("\x1f\x8b\x08"), picture.ErrType, few},
		{"ELF", pad("\x7fELF\x02\x01\x01"), picture.ErrType, few},
		{"EXE", pad("MZ\x90\x00"), picture.ErrType, few},
		{"script", pad("#!/bin/sh\nrm -rf /\n"), picture.ErrType, few},
		{"video", pad("\x00\x00\x00\x18ftypisom"), picture.ErrType, few},
		{"HEIC of an iPhone", pad("\x00\x00\x00\x18ftypheic"), picture.ErrHEIC, few},
		{"HEIF", pad("\x00\x00\x00\x18ftypmif1"), picture.ErrHEIC, few},
		{"HEIF of an editor", pad("\x00\x00\x00\x18ftypheif"), picture.ErrHEIC, few},
		{"AVIF", pad("\x00\x00\x00\x18ftypavif"), picture.ErrHEIC, few},
		{"only a JPEG's first bytes", pad("\xff\xd8\xff\xe0"), picture.ErrBroken, few},
		{"only a PNG's first bytes", pad("\x89PNG\r\n\x1a\n"), picture.ErrBroken, few},
		{"JPEG without its end", photo[:len(photo)-len(photo)/10], picture.ErrBroken, photoLike},
		{"JPEG without its pixels", photo[:700], picture.ErrBroken, photoLike},
		{"PNG without its end", drawn[:len(drawn)-20], picture.ErrBroken, photoLike},
		{"PNG with a flipped bit", flipped(drawn), picture.ErrBroken, photoLike},
		{"1 × 1", pngOf(t, ihdr(1, 1, 16, 6, 0), 100), picture.ErrFewPixels, few},
		{"no width", pngOf(t, ihdr(0, 400, 8, 2, 0), 100), picture.ErrBroken, few},
		{"299 pixels", testpicture.JPEG(testpicture.Back(testpicture.Anna, 299), 85), picture.ErrFewPixels, few},
		{"PNG that claims 20000²", pngOf(t, ihdr(20000, 20000, 8, 2, 0), 10_000), picture.ErrManyPixels, few},
		{"PNG that claims 2³¹−1 squared", pngOf(t, ihdr(1<<31-1, 1<<31-1, 16, 6, 0), 10_000), picture.ErrBroken, few},
		{"JPEG that claims 65535²", pad(string(frame(0xc0, 65535, 65535, 3)) + "\xff\xda"), picture.ErrManyPixels, few},
		{"JPEG of 8001 pixels", pad(string(frame(0xc0, 8001, 400, 3)) + "\xff\xda"), picture.ErrManyPixels, few},
		{"JPEG of 41 megapixels", pad(string(frame(0xc0, 6400, 6400, 3)) + "\xff\xda"), picture.ErrManyPixels, few},
		{"progressive JPEG of 20 megapixels", progressive(4500, 0), picture.ErrManyPixels, few},
		{"PNG of 36 megapixels at 16 bits", pngOf(t, ihdr(6000, 6000, 16, 6, 0), 10_000), picture.ErrManyPixels, few},
		{"interlaced PNG of 25 megapixels at 16 bits", pngOf(t, ihdr(5000, 5000, 16, 6, 1), 10_000), picture.ErrManyPixels, few},
		{"CMYK", pad(string(frame(0xc0, 400, 400, 4)) + "\xff\xda"), picture.ErrType, few},
		{"JPEG of a thousand scans", progressive(4000, 1000), picture.ErrBroken, few},
		{"PNG whose pixels are a zip bomb", pngOf(t, ihdr(400, 400, 8, 2, 0), 64<<20), picture.ErrBroken, photoLike},
		{"PNG with fewer pixels than it says", pngOf(t, ihdr(400, 400, 8, 2, 0), 1000), picture.ErrBroken, photoLike},
	} {
		t.Run(file.name, func(t *testing.T) {
			before := allocated()
			p, err := picture.Read(t.Context(), file.data)
			taken := allocated() - before
			if !errors.Is(err, file.want) || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want %v", err, file.want)
			}
			if p.JPEG != nil || p.Signals != (picture.Signals{}) {
				t.Error("a refused file left something")
			}
			if taken > file.bytes {
				t.Errorf("%d bytes were taken, at most %d may be", taken, file.bytes)
			}
		})
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func flipped(data []byte) []byte {
	broken := bytes.Clone(data)
	broken[len(broken)/2] ^= 0x10
	return broken
}
