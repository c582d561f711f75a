package grey_test

import (
	"image"
	"image/color"
	"testing"

	"docket/internal/grey"
)

func TestTurn_ThereAndBack(t *testing.T) {
	t.Parallel()
	img := image.NewGray(image.Rect(0, 0, 40, 30))
	place := image.Rect(5, 3, 9, 20)
	for y := place.Min.Y; y < place.Max.Y; y++ {
		for x := place.Min.X; x < place.Max.X; x++ {
			img.SetGray(x, y, color.Gray{200})
		}
	}
	for degrees, want := range map[int]image.Rectangle{0: place, 90: image.Rect(10, 5, 27, 9), 180: image.Rect(31, 10, 35, 27), 270: image.Rect(3, 31, 20, 35)} {
		turned := grey.Turn(img, degrees)
		got := grey.TurnRectangle(place, img.Rect, degrees)
		if got != want {
			t.Errorf("%d: %v, want %v", degrees, got, want)
		}
		if turned.GrayAt(got.Min.X, got.Min.Y).Y != 200 || turned.GrayAt(got.Max.X-1, got.Max.Y-1).Y != 200 || turned.GrayAt(got.Min.X-1, got.Min.Y).Y != 0 || turned.GrayAt(got.Max.X, got.Max.Y).Y != 0 {
			t.Errorf("%d: what is at %v is not at %v", degrees, place, got)
		}
		if back := grey.TurnRectangle(got, turned.Rect, 360-degrees); degrees > 0 && back != place {
			t.Errorf("%d and back: %v, want %v", degrees, back, place)
		}
	}
}
