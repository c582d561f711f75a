package grey_test

import (
	"image"
	"image/color"
	"image/draw"
	"testing"

	"docket/internal/grey"
)

func TestShrink_EveryLayout(t *testing.T) {
	t.Parallel()
	size := image.Rect(3, 5, 103, 65) // a picture may begin anywhere
	for name, img := range map[string]draw.Image{
		"grey": image.NewGray(size), "RGBA": image.NewRGBA(size), "16 bits": image.NewNRGBA64(size),
	} {
		draw.Draw(img, size, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(img, image.Rect(3, 5, 53, 65), image.NewUniform(color.Gray{100}), image.Point{}, draw.Src)
		small := grey.Shrink(img, 20)
		if got := small.Bounds(); got != image.Rect(0, 0, 20, 12) {
			t.Errorf("%s: %v", name, got)
		}
		if left, right := small.GrayAt(4, 6).Y, small.GrayAt(15, 6).Y; left != 100 || right != 255 {
			t.Errorf("%s: %d and %d, want 100 and 255", name, left, right)
		}
	}
}

func TestShrink_Averages(t *testing.T) {
	t.Parallel()
	stripes := image.NewYCbCr(image.Rect(0, 0, 90, 30), image.YCbCrSubsampleRatio420)
	for i := range stripes.Y {
		stripes.Y[i] = uint8(i % 3 / 2 * 240)
	}
	for _, v := range grey.Shrink(stripes, 30).Pix {
		if v != 80 {
			t.Fatalf("a pixel of stripes is %d, want 80", v)
		}
	}
	if got := grey.Shrink(stripes, 1000).Bounds(); got != stripes.Rect {
		t.Errorf("a small picture becomes %v", got)
	}
	if got := grey.Shrink(image.NewGray(image.Rect(0, 0, 0, 9)), 5).Bounds().Dx(); got != 0 {
		t.Errorf("nothing becomes %d wide", got)
	}
	if got := grey.Shrink(image.NewGray(image.Rect(0, 0, 1000, 1)), 10).Bounds(); got != image.Rect(0, 0, 10, 1) {
		t.Errorf("a line becomes %v", got)
	}
}
