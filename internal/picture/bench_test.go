package picture_test

import (
	"testing"

	"docket/internal/picture"
	"docket/internal/testpicture"
)

// A photo of 12 megapixels, as most phones take it: header, decode, turn, shrink, encode, signals.
func BenchmarkRead(b *testing.B) {
	photo := testpicture.WithEXIF(testpicture.JPEG(testpicture.Held(testpicture.Front(testpicture.Anna, 4000), 6), 90), 6)
	b.SetBytes(int64(len(photo)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := picture.Read(b.Context(), photo); err != nil {
			b.Fatal(err)
		}
	}
}
