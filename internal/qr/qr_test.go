package qr_test

import (
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"github.com/boombuler/barcode"
	encoder "github.com/boombuler/barcode/qr"

	"docket/internal/qr"
	"docket/internal/testkit/testpicture"
)

const text = "001304012345|012345678|Nguyễn Thị Ánh|05112004|Nữ|Số 1, Đội Cấn, Ba Đình, Hà Nội|01072021"

// withCode draws a code of this width onto a picture.
func withCode(t *testing.T, img draw.Image, at image.Point, width int) image.Rectangle {
	t.Helper()
	code, err := encoder.Encode(text, encoder.M, encoder.Unicode)
	if err != nil {
		t.Fatal(err)
	}
	modules := code.Bounds().Dx()
	if code, err = barcode.Scale(code, width/modules*modules, width/modules*modules); err != nil {
		t.Fatal(err)
	}
	place := code.Bounds().Add(at)
	draw.Draw(img, place.Inset(-width/10), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(img, place, code, image.Point{}, draw.Src)
	return place
}

func TestRead_CodeOfCard(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		width, code int
		change      func(*image.RGBA) *image.RGBA
	}{
		"a phone's photo":  {3000, 600, nil},
		"a small photo":    {1000, 210, nil},
		"a little blurred": {1600, 330, func(img *image.RGBA) *image.RGBA { return testpicture.Blurred(img, 0.0015) }},
		"in dim light":     {1200, 260, func(img *image.RGBA) *image.RGBA { return testpicture.Brightened(img, 0.4) }},
		"upside down":      {1200, 260, func(img *image.RGBA) *image.RGBA { return testpicture.Rotated(img, 3) }},
		"sideways":         {1200, 260, func(img *image.RGBA) *image.RGBA { return testpicture.Rotated(img, 6) }},
		"a code far away":  {3000, 160, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			img := testpicture.Back(testpicture.Anna, c.width)
			place := withCode(t, img, image.Pt(c.width/2, c.width/4), c.code)
			if c.change != nil {
				img = c.change(img)
			}
			found, err := qr.Read(t.Context(), img)
			if err != nil || len(found) != 1 || found[0].Text != text {
				t.Fatalf("got %v, %v", found, err)
			}
			if shared := found[0].Place.Intersect(place); c.change == nil && (shared.Dx() < place.Dx()*9/10 || found[0].Place.Dx() > place.Dx()*13/10) {
				t.Errorf("it is at %v, want %v", found[0].Place, place)
			}
		})
	}
}

func TestRead_NoCode(t *testing.T) {
	t.Parallel()
	for name, img := range map[string]image.Image{
		"a passport": testpicture.Front(testpicture.Anna, 1200), "nothing": image.NewGray(image.Rect(0, 0, 400, 300)),
		"no pixel": image.NewGray(image.Rectangle{}), "a line": image.NewGray(image.Rect(0, 0, 3000, 1)),
	} {
		if found, err := qr.Read(t.Context(), img); err != nil || len(found) > 0 {
			t.Errorf("%s: got %v, %v", name, found, err)
		}
	}
}

// The library compares every three corners of codes that it finds: of some thousands for a minute.
func TestRead_ManyCorners(t *testing.T) {
	t.Parallel()
	const module, corner, shown = 3, 7, 25 // corners a side: more than a copy may have, and few enough to end without a limit
	img := image.NewGray(image.Rect(0, 0, 2*corner*module*shown, 2*corner*module*shown))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for at := range shown * shown {
		place := image.Rect(0, 0, corner*module, corner*module).Add(image.Pt(at%shown, at/shown).Mul(2 * corner * module))
		for i, c := range []image.Image{image.Black, image.White, image.Black} {
			draw.Draw(img, place.Inset(i*module), c, image.Point{}, draw.Src)
		}
	}
	if found, err := qr.Read(t.Context(), img); !errors.Is(err, qr.ErrReader) || len(found) > 0 {
		t.Errorf("got %v, %v", found, err)
	}
	place := withCode(t, img, image.Pt(200, 200), 600)
	if found, err := qr.Read(t.Context(), img.SubImage(place.Inset(-60))); err != nil || len(found) != 1 {
		t.Errorf("a code without them: got %v, %v", found, err)
	}
}

func TestRead_ContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := qr.Read(ctx, testpicture.Back(testpicture.Anna, 400)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("0123456789"), uint8(10))
	f.Fuzz(func(t *testing.T, pixels []byte, width uint8) {
		if width == 0 {
			return
		}
		img := &image.Gray{Pix: pixels, Stride: int(width), Rect: image.Rect(0, 0, int(width), len(pixels)/int(width))}
		found, err := qr.Read(t.Context(), img)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range found {
			if !code.Place.In(img.Rect) {
				t.Errorf("%v is outside of %v", code.Place, img.Rect)
			}
		}
	})
}

func BenchmarkRead_NoCode(b *testing.B) {
	img := testpicture.Front(testpicture.Anna, 3000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := qr.Read(b.Context(), img); err != nil {
			b.Fatal(err)
		}
	}
}
