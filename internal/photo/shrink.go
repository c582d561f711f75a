package photo

import (
	"image"
	"image/color"
)

// measuredSide is the longer side of the copy that signals are measured on: small print in a document that fills the photo is
// just resolved, a sensor's noise is averaged out.
const measuredSide = 800

// plane is a small picture in luma and how far each pixel is from grey.
type plane struct {
	w, h   int
	luma   []float32 // 0 to 255
	colour []float32 // the larger distance of Cb and Cr from 128
}

// shrinkImage averages, so that a detail of the large picture does not become noise in the small one.
func shrinkImage(img image.Image) plane {
	from := img.Bounds()
	to := from.Size()
	if longest := max(to.X, to.Y); longest > measuredSide {
		to = image.Pt(max(1, to.X*measuredSide/longest), max(1, to.Y*measuredSide/longest))
	}
	sums := make([]colorSum, to.X*to.Y)
	row := make([]color.YCbCr, from.Dx())
	for y := range from.Dy() {
		readRow(img, from.Min.Y+y, row)
		into := sums[y*to.Y/from.Dy()*to.X:][:to.X]
		for x, c := range row {
			into[x*to.X/len(row)].add(c)
		}
	}
	p := plane{w: to.X, h: to.Y, luma: make([]float32, len(sums)), colour: make([]float32, len(sums))}
	for i, s := range sums {
		p.luma[i], p.colour[i] = s.mean()
	}
	return p
}

type colorSum struct{ n, y, cb, cr int32 }

func (s *colorSum) add(c color.YCbCr) {
	s.n++
	s.y += int32(c.Y)
	s.cb += int32(c.Cb) - 128
	s.cr += int32(c.Cr) - 128
}

func (s *colorSum) mean() (luma, colour float32) {
	n := float32(s.n)
	return float32(s.y) / n, float32(max(s.cb, -s.cb, s.cr, -s.cr)) / n
}

// readRow reads one row. turnUpright returns one of these two types.
func readRow(img image.Image, y int, row []color.YCbCr) {
	switch img := img.(type) {
	case *image.RGBA:
		pix := img.Pix[img.PixOffset(img.Rect.Min.X, y):]
		for x := range row {
			p := pix[4*x : 4*x+3 : 4*x+3]
			row[x].Y, row[x].Cb, row[x].Cr = color.RGBToYCbCr(p[0], p[1], p[2])
		}
	case *image.YCbCr:
		for x := range row {
			row[x] = img.YCbCrAt(img.Rect.Min.X+x, y)
		}
	}
}
