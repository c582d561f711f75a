package picture_test

import (
	"bytes"
	"crypto/sha256"
	"image"
	"image/jpeg"
	"testing"

	"docket/internal/picture"
	"docket/internal/testpicture"
)

func read(t *testing.T, data []byte) picture.Picture {
	t.Helper()
	p, err := picture.Read(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func decoded(t *testing.T, p picture.Picture) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(p.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got != image.Pt(p.Width, p.Height) {
		t.Errorf("the picture has %v, but says %d × %d", got, p.Width, p.Height)
	}
	return img
}

func TestReadKeepsAPictureWithoutItsMetadata(t *testing.T) {
	t.Parallel()
	original := testpicture.WithEXIF(testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85), 1)
	if !bytes.Contains(original, []byte(testpicture.Place)) {
		t.Fatal("the original does not say where it was taken")
	}
	p := read(t, original)
	decoded(t, p)
	for _, left := range []string{testpicture.Place, "Exif", "WGS"} {
		if bytes.Contains(p.JPEG, []byte(left)) {
			t.Errorf("%q is still in the picture", left)
		}
	}
	if p.Signals.SHA256 != sha256.Sum256(original) {
		t.Error("the SHA-256 is not that of the original")
	}
}
