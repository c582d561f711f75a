package photo_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"testing"

	"docket/internal/photo"
	"docket/internal/testkit/testpicture"
)

// Every input is either read, and can then be shown, or refused with one of the errors of the package.
func FuzzRead(f *testing.F) {
	small := image.Rect(0, 0, 300, 300)
	f.Add(testpicture.WithEXIF(testpicture.JPEG(image.NewGray(small), 10), 6))
	f.Add(testpicture.JPEG(image.NewYCbCr(small, image.YCbCrSubsampleRatio444), 10))
	f.Add(testpicture.PNG(image.NewGray16(small)))
	f.Add(testpicture.ProgressiveJPEG(304, 2))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := photo.Read(t.Context(), data, nil)
		if err != nil {
			for _, known := range []error{
				photo.ErrType, photo.ErrHEIC, photo.ErrEmpty, photo.ErrTooLarge,
				photo.ErrFewPixels, photo.ErrManyPixels, photo.ErrBroken, photo.ErrCoding,
			} {
				if errors.Is(err, known) {
					return
				}
			}
			t.Fatalf("an error without a word: %v", err)
		}
		got, err := jpeg.DecodeConfig(bytes.NewReader(p.JPEG))
		if err != nil || got.Width != p.Width || got.Height != p.Height {
			t.Fatalf("kept %d × %d, %v", got.Width, got.Height, err)
		}
	})
}
