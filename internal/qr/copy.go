package qr

import (
	"fmt"
	"image"
	"iter"
	"unicode/utf8"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"docket/internal/grey"
)

// copiesOf yields grey copies of a picture, each of another of sides; none is larger than the picture.
func copiesOf(img image.Image) iter.Seq[*image.Gray] {
	return func(yield func(*image.Gray) bool) {
		size, whole := img.Bounds().Size(), false
		for _, side := range sides {
			if side >= max(size.X, size.Y) && whole || min(size.X, size.Y) == 0 {
				continue
			}
			whole = whole || side >= max(size.X, size.Y)
			if !yield(grey.Shrink(img, side)) {
				return
			}
		}
	}
}

// readCopy reads the code of one copy; none when there is none.
func readCopy(copied *image.Gray, binarizer func(gozxing.LuminanceSource) gozxing.Binarizer) (code Code, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			code, err = Code{}, fmt.Errorf("%w: %v", ErrReader, cause)
		}
	}()
	size := copied.Rect.Size()
	source, err := gozxing.NewPlanarYUVLuminanceSource(copied.Pix, size.X, size.Y, 0, 0, size.X, size.Y, false)
	if err != nil {
		return Code{}, nil
	}
	bitmap, err := gozxing.NewBinaryBitmap(binarizer(source))
	if err != nil {
		return Code{}, nil
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, newHints())
	if err != nil || !utf8.ValidString(result.GetText()) {
		return Code{}, nil
	}
	corners := result.GetResultPoints()
	return Code{result.GetText(), placeOf(corners).Intersect(copied.Bounds()), turnOf(corners)}, nil
}

// maxCorners is how many things that look like a corner of a code a copy has at most. The library compares every three of them, which for
// thousands takes minutes and asks no context.
const maxCorners = 300

// newHints lets the reader look at every row for the corners of a code, and ends it by a panic when there are too many.
func newHints() map[gozxing.DecodeHintType]any {
	found := 0
	return map[gozxing.DecodeHintType]any{
		gozxing.DecodeHintType_TRY_HARDER: true,
		gozxing.DecodeHintType_NEED_RESULT_POINT_CALLBACK: gozxing.ResultPointCallback(func(gozxing.ResultPoint) {
			if found++; found > maxCorners {
				panic("too many corners")
			}
		}),
	}
}

// placeOf is where a code is, of which the centres of three corners are known: bottom left, top left, top right.
func placeOf(corners []gozxing.ResultPoint) image.Rectangle {
	if len(corners) < 3 {
		return image.Rectangle{}
	}
	var place image.Rectangle
	left, top, right := corners[0], corners[1], corners[2]
	x, y := (left.GetX()+right.GetX())/2, (left.GetY()+right.GetY())/2
	for _, corner := range []gozxing.ResultPoint{left, top, right} {
		for _, side := range []float64{outside, -outside} { // the fourth corner lies across the centre
			at := image.Pt(int(x+side*(corner.GetX()-x)), int(y+side*(corner.GetY()-y)))
			place = place.Union(image.Rectangle{at, at.Add(image.Pt(1, 1))})
		}
	}
	return place
}

// turnOf is by how many degrees clockwise a code has to be turned, of which the centres of three corners are known.
func turnOf(corners []gozxing.ResultPoint) int {
	if len(corners) < 3 {
		return 0
	}
	x, y := corners[2].GetX()-corners[1].GetX(), corners[2].GetY()-corners[1].GetY() // along its upper side
	switch {
	case x >= max(y, -y):
		return 0
	case -x >= max(y, -y):
		return 180
	case y > 0:
		return 270
	}
	return 90
}

// outside is how much further than the centres of its corners a code goes: by 7 modules of 45, which most have, to 7 of 21.
const outside = 1.3
