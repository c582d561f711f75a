package qr

import (
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

// readCopy reads the code of one copy.
func readCopy(copied *image.Gray, binarizer func(gozxing.LuminanceSource) gozxing.Binarizer) (Code, bool) {
	size := copied.Rect.Size()
	source, err := gozxing.NewPlanarYUVLuminanceSource(copied.Pix, size.X, size.Y, 0, 0, size.X, size.Y, false)
	if err != nil {
		return Code{}, false
	}
	bitmap, err := gozxing.NewBinaryBitmap(binarizer(source))
	if err != nil {
		return Code{}, false
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, tryHarder)
	if err != nil || !utf8.ValidString(result.GetText()) || result.GetText() == "" {
		return Code{}, false
	}
	return Code{result.GetText(), placeOf(result.GetResultPoints()).Intersect(copied.Bounds())}, true
}

// tryHarder lets the reader look at every row for the corners of a code.
var tryHarder = map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}

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

// outside is how much further than the centres of its corners a code goes: by 7 modules of 45, which most have, to 7 of 21.
const outside = 1.3
