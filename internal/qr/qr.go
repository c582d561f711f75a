// Package qr reads the QR codes of pictures.
package qr

import (
	"cmp"
	"context"
	"errors"
	"image"

	"github.com/makiuchi-d/gozxing"

	"docket/internal/grey"
)

// Code is a QR code in a picture.
type Code struct {
	Text  string
	Place image.Rectangle // of the picture
	Turn  int             // degrees clockwise by which the picture has to be turned for the code to be upright: 0, 90, 180 or 270
}

// ErrReader: the library that reads codes gave up on this picture.
var ErrReader = errors.New("qr: the reader failed")

// sides are the longer sides, in pixels, of the copies in which a code is looked for, the likeliest first. The code of a card that fills
// a photo has three pixels a module in the first.
var sides = []int{1200, 2400, 700}

// Read finds the QR code of a picture; none when there is no code that can be read. The context is asked between attempts, of which
// each takes up to a tenth of a second. ErrReader when nothing was read, and at least one attempt failed.
func Read(ctx context.Context, img image.Image) (codes []Code, failed error) {
	for copied := range copiesOf(img) {
		for _, binarizer := range []func(gozxing.LuminanceSource) gozxing.Binarizer{gozxing.NewHybridBinarizer, gozxing.NewGlobalHistgramBinarizer} {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			code, err := readCopy(copied, binarizer)
			if code.Text != "" {
				code.Place = grey.ScaleRectangle(code.Place, copied.Bounds(), img.Bounds())
				return []Code{code}, nil
			}
			failed = cmp.Or(err, failed)
		}
	}
	return nil, failed
}
