package photo_test

import (
	"testing"

	"docket/internal/photo"
	"docket/internal/testkit/testpicture"
)

// A photo of 12 megapixels, as most phones take it: header, decode, turn, shrink, encode, signals.
func BenchmarkRead(b *testing.B) {
	jpeg := testpicture.WithEXIF(testpicture.JPEG(testpicture.Rotated(testpicture.Front(testpicture.Anna, 4000), 6), 90), 6)
	b.SetBytes(int64(len(jpeg)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := photo.Read(b.Context(), jpeg, nil); err != nil {
			b.Fatal(err)
		}
	}
}
