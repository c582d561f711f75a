package testpicture

import (
	"bytes"
	"slices"
	"strings"
)

// HostileFile is an upload that must be refused.
type HostileFile struct {
	Name      string
	Data      []byte
	Want      string // the code of its refusal
	MaxMemory uint64 // bytes that reading it may allocate
}

// Hostile returns one file for each kind of refusal. Making them takes about a second.
func Hostile() []HostileFile {
	const leastBytes, mostBytes, few, photoLike = 100, 10 << 20, 64 << 10, 8 << 20
	photo := JPEG(Front(Anna, 800), 85)
	drawn := PNG(Back(Anna, 400))
	pad := func(s string) []byte { return []byte(s + strings.Repeat(" ", leastBytes)) }
	return []HostileFile{
		{"nothing", nil, "empty_file", few},
		{"99 bytes", photo[:99], "empty_file", few},
		{"10 MiB and one byte", append(bytes.Clone(photo), make([]byte, mostBytes+1-len(photo))...), "file_too_large", few},
		{"SVG", pad(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "not_a_picture", few},
		{"XML, then SVG", pad(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "not_a_picture", few},
		{"HTML", pad("<!doctype html><script>alert(1)</script>"), "not_a_picture", few},
		{"HTML, then JPEG", append([]byte("<!doctype html>"), photo...), "not_a_picture", few},
		{"GIF", pad("GIF89a\x01\x00\x01\x00"), "not_a_picture", few},
		{"WebP", pad("RIFF\x24\x00\x00\x00WEBPVP8 "), "not_a_picture", few},
		{"BMP", pad("BM"), "not_a_picture", few},
		{"TIFF", pad("II*\x00"), "not_a_picture", few},
		{"PDF", pad("%PDF-1.7\n"), "not_a_picture", few},
		{"ZIP", pad("PK\x03\x04"), "not_a_picture", few},
		{"gzip", pad("\x1f\x8b\x08"), "not_a_picture", few},
		{"ELF", pad("\x7fELF\x02\x01\x01"), "not_a_picture", few},
		{"EXE", pad("MZ\x90\x00"), "not_a_picture", few},
		{"script", pad("#!/bin/sh\nrm -rf /\n"), "not_a_picture", few},
		{"video", pad("\x00\x00\x00\x18ftypisom"), "not_a_picture", few},
		{"HEIC of an iPhone", pad("\x00\x00\x00\x18ftypheic"), "heic", few},
		{"HEIF", pad("\x00\x00\x00\x18ftypmif1"), "heic", few},
		{"HEIF of an editor", pad("\x00\x00\x00\x18ftypheif"), "heic", few},
		{"AVIF", pad("\x00\x00\x00\x18ftypavif"), "heic", few},
		{"only a JPEG's first bytes", pad("\xff\xd8\xff\xe0"), "broken_file", few},
		{"only a PNG's first bytes", pad("\x89PNG\r\n\x1a\n"), "broken_file", few},
		{"JPEG without its end", photo[:len(photo)-len(photo)/10], "broken_file", photoLike},
		{"JPEG without its pixels", photo[:700], "broken_file", photoLike},
		{"PNG without its end", drawn[:len(drawn)-20], "broken_file", photoLike},
		{"PNG with a flipped bit", flipBit(drawn), "broken_file", photoLike},
		{"1 × 1", BlackPNG(PNGHeader(1, 1, 16, 6, 0), 100), "few_pixels", few},
		{"no width", BlackPNG(PNGHeader(0, 400, 8, 2, 0), 100), "broken_file", few},
		{"299 pixels", JPEG(Back(Anna, 299), 85), "few_pixels", few},
		{"PNG that claims 20000²", BlackPNG(PNGHeader(20000, 20000, 8, 2, 0), 10_000), "many_pixels", few},
		{"PNG that claims 2³¹−1 squared", BlackPNG(PNGHeader(1<<31-1, 1<<31-1, 16, 6, 0), 10_000), "broken_file", few},
		{"JPEG that claims 65535²", pad(string(jpegFrame(0xc0, 65535, 65535, 3)) + "\xff\xda"), "many_pixels", few},
		{"JPEG of 8001 pixels", pad(string(jpegFrame(0xc0, 8001, 400, 3)) + "\xff\xda"), "many_pixels", few},
		{"JPEG of 41 megapixels", pad(string(jpegFrame(0xc0, 6400, 6400, 3)) + "\xff\xda"), "many_pixels", few},
		{"progressive JPEG of 20 megapixels", RefinedJPEG(0xc2, 4500, 3), "many_pixels", few},
		{"PNG of 36 megapixels at 16 bits", BlackPNG(PNGHeader(6000, 6000, 16, 6, 0), 10_000), "many_pixels", few},
		{"interlaced PNG of 25 megapixels at 16 bits", BlackPNG(PNGHeader(5000, 5000, 16, 6, 1), 10_000), "many_pixels", few},
		{"arithmetic coding", pad(string(jpegFrame(0xc9, 400, 400, 3)) + "\xff\xda"), "unreadable_coding", few},
		{"JPEG without loss", pad(string(jpegFrame(0xc3, 400, 400, 3)) + "\xff\xda"), "unreadable_coding", few},
		{"JPEG of a thousand scans", ProgressiveJPEG(4000, 1000), "broken_file", few},
		{"progressive JPEG of 17 megapixels and 64 scans", RefinedJPEG(0xc2, 4200, 64), "many_pixels", few},
		{"baseline JPEG of 36 megapixels and 7 scans", RefinedJPEG(0xc0, 6000, 7), "many_pixels", few},
		{"PNG of ten thousand chunks", manyChunks(drawn, 10_000), "broken_file", few},
		{"PNG whose pixels are a zip bomb", BlackPNG(PNGHeader(400, 400, 8, 2, 0), 64<<20), "broken_file", photoLike},
		{"PNG with fewer pixels than it says", BlackPNG(PNGHeader(400, 400, 8, 2, 0), 1000), "broken_file", photoLike},
	}
}

// manyChunks inserts empty chunks behind a PNG's header.
func manyChunks(png []byte, chunks int) []byte {
	const header = 8 + 25
	return slices.Concat(png[:header], bytes.Repeat(pngChunk("teXt", nil), chunks), png[header:])
}

func flipBit(data []byte) []byte {
	broken := bytes.Clone(data)
	broken[len(broken)/2] ^= 0x10
	return broken
}
