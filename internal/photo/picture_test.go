package photo_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"image"
	"image/color"
	"image/color/palette"
	"image/draw"
	"image/jpeg"
	"slices"
	"testing"

	"docket/internal/photo"
	"docket/internal/testkit/testpicture"
)

func read(t *testing.T, data []byte) photo.Picture {
	t.Helper()
	p, err := photo.Read(t.Context(), data, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func decoded(t *testing.T, p photo.Picture) image.Image {
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

func TestRead_NoMetadata(t *testing.T) {
	t.Parallel()
	original := testpicture.WithEXIF(testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85), 1)
	if !bytes.Contains(original, []byte(testpicture.EXIFPlace)) {
		t.Fatal("the original does not say where it was taken")
	}
	p := read(t, original)
	decoded(t, p)
	for _, left := range []string{testpicture.EXIFPlace, "Exif", "JFIF"} {
		if bytes.Contains(p.JPEG, []byte(left)) {
			t.Errorf("%q is in the picture", left)
		}
	}
	if p.Signals.SHA256 != sha256.Sum256(original) {
		t.Error("the SHA-256 is not that of the original")
	}
}

func TestRead_HiddenPayload(t *testing.T) {
	t.Parallel()
	const payload = "<html><script>alert(1)</script>PK\x03\x04"
	photo := testpicture.JPEG(testpicture.Front(testpicture.Anna, 800), 85)
	drawn := testpicture.PNG(testpicture.Back(testpicture.Anna, 400))
	for name, file := range map[string][]byte{
		"behind a JPEG":      append(bytes.Clone(photo), payload...),
		"comment of a JPEG":  slices.Concat(photo[:2], testpicture.Segment(0xfe, []byte(payload)...), photo[2:]),
		"behind a PNG":       append(bytes.Clone(drawn), payload...),
		"text of a PNG":      testpicture.WithChunk(drawn, "tEXt", []byte("Comment\x00"+payload)),
		"unknown PNG chunk":  testpicture.WithChunk(drawn, "evIl", []byte(payload)),
		"PNG with animation": testpicture.WithChunk(drawn, "acTL", []byte("\x00\x00\x00\x02\x00\x00\x00\x00"+payload)),
	} {
		p := read(t, file)
		decoded(t, p)
		if bytes.Contains(p.JPEG, []byte("alert")) {
			t.Errorf("%s: the payload is in the picture", name)
		}
	}
}

// Not parallel: it measures what the whole process takes.
func TestRead_CompressedMetadata(t *testing.T) {
	drawn := testpicture.PNG(testpicture.Back(testpicture.Anna, 400))
	bomb := testpicture.Zeros(200 << 20)
	for name, body := range map[string][]byte{
		"iCCP": append([]byte("icc\x00\x00"), bomb...),
		"zTXt": append([]byte("Raw profile type exif\x00\x00"), bomb...),
		"iTXt": append([]byte("Comment\x00\x01\x00\x00\x00"), bomb...),
		"eXIf": append([]byte("MM\x00\x2a\x00\x00\x00\x08\xff\xff"), bomb...),
	} {
		before := allocated()
		read(t, testpicture.WithChunk(drawn, name, body))
		if taken := allocated() - before; taken > 16<<20 {
			t.Errorf("%s: %d bytes were taken", name, taken)
		}
	}
}

func TestRead_Orientation(t *testing.T) {
	t.Parallel()
	upright := testpicture.Front(testpicture.Anna, 640)
	for orientation := 1; orientation <= 8; orientation++ {
		p := read(t, testpicture.WithEXIF(testpicture.JPEG(testpicture.Rotated(upright, orientation), 95), orientation))
		if p.Signals.Width != 640 || p.Signals.Height != 480 {
			t.Errorf("orientation %d: %d × %d", orientation, p.Signals.Width, p.Signals.Height)
		}
		if worst := distance(decoded(t, p), upright); worst > 12 {
			t.Errorf("orientation %d: the picture is not upright, %d levels off", orientation, worst)
		}
	}
}

// distance is the worst, over squares of 16 pixels, of how far their means in green lie apart.
func distance(a, b image.Image) (worst int) {
	const side = 16
	for y := 0; y+side <= b.Bounds().Dy(); y += side {
		for x := 0; x+side <= b.Bounds().Dx(); x += side {
			sum := 0
			for i := range side * side {
				_, ga, _, _ := a.At(x+i%side, y+i/side).RGBA()
				_, gb, _, _ := b.At(x+i%side, y+i/side).RGBA()
				sum += int(ga>>8) - int(gb>>8)
			}
			worst = max(worst, sum/side/side, -sum/side/side)
		}
	}
	return worst
}

func TestRead_LargePicture(t *testing.T) {
	t.Parallel()
	for _, orientation := range []int{1, 6} {
		p := read(t, testpicture.WithEXIF(testpicture.JPEG(image.NewYCbCr(image.Rect(0, 0, 4000, 2000), image.YCbCrSubsampleRatio420), 50), orientation))
		decoded(t, p)
		if max(p.Width, p.Height) != photo.LongestSide || min(p.Width, p.Height) != photo.LongestSide/2 {
			t.Errorf("orientation %d: %d × %d are kept", orientation, p.Width, p.Height)
		}
		if max(p.Signals.Width, p.Signals.Height) != 4000 || p.Width > p.Height != (p.Signals.Width > p.Signals.Height) {
			t.Errorf("orientation %d: %d × %d were sent", orientation, p.Signals.Width, p.Signals.Height)
		}
	}
}

// An encoder writes about ten scans; the largest progressive picture that fits into memory is read with them.
func TestRead_ProgressiveWithUsualScans(t *testing.T) {
	t.Parallel()
	if p := read(t, testpicture.RefinedJPEG(0xc2, 4200, 12)); p.Signals.Width != 4200 {
		t.Errorf("%d pixels wide, want 4200", p.Signals.Width)
	}
}

func TestRead_PixelLayouts(t *testing.T) {
	t.Parallel()
	size := image.Rect(0, 0, 320, 300)
	drawn := testpicture.Back(testpicture.Anna, 400)
	in := func(dst draw.Image) []byte {
		draw.Draw(dst, size, drawn, image.Point{}, draw.Src)
		return testpicture.PNG(dst)
	}
	for name, file := range map[string][]byte{
		"palette":          in(image.NewPaletted(size, palette.Plan9)),
		"grey":             in(image.NewGray(size)),
		"grey, 16 bits":    in(image.NewGray16(size)),
		"colour, 16 bits":  in(image.NewNRGBA64(size)),
		"interlaced":       testpicture.BlackPNG(testpicture.PNGHeader(320, 300, 8, 2, 1), interlaced(320, 300)),
		"grey JPEG":        testpicture.JPEG(image.NewGray(size), 80),
		"progressive JPEG": testpicture.ProgressiveJPEG(400, 9),
		"64 small scans":   testpicture.RefinedJPEG(0xc2, 400, 64),
	} {
		if img := decoded(t, read(t, file)); img.Bounds().Dx() < 300 {
			t.Errorf("%s: %v", name, img.Bounds())
		}
	}
}

// interlaced is how many bytes the passes of an interlaced PNG of three bytes a pixel have.
func interlaced(w, h int64) (bytes int64) {
	for _, pass := range [][4]int64{{8, 8, 0, 0}, {8, 8, 4, 0}, {4, 8, 0, 4}, {4, 4, 2, 0}, {2, 4, 0, 2}, {2, 2, 1, 0}, {1, 2, 0, 1}} {
		pw, ph := (w-pass[2]+pass[0]-1)/pass[0], (h-pass[3]+pass[1]-1)/pass[1]
		bytes += ph * (1 + 3*pw)
	}
	return bytes
}

func TestRead_Transparent(t *testing.T) {
	t.Parallel()
	clear := image.NewPaletted(image.Rect(0, 0, 320, 320), color.Palette{color.NRGBA{200, 0, 0, 0}, color.Black})
	for name, img := range map[string]image.Image{"palette": clear, "alpha": image.NewNRGBA(clear.Rect)} {
		if r, g, b, _ := decoded(t, read(t, testpicture.PNG(img))).At(9, 9).RGBA(); r>>8 < 250 || g>>8 < 250 || b>>8 < 250 {
			t.Errorf("%s: got %d, %d, %d", name, r>>8, g>>8, b>>8)
		}
	}
}

func TestRead_ContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := photo.Read(ctx, testpicture.JPEG(testpicture.Front(testpicture.Anna, 640), 85), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
