package photo

import (
	"image"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"docket/internal/grey"
)

func (o orientation) size(p image.Point) image.Point {
	if o >= 5 {
		return image.Pt(p.Y, p.X)
	}
	return p
}

// matrix maps a picture of w × h, shrunk by x and y along the sides of the result, to where it belongs.
func (o orientation) matrix(w, h, x, y float64) f64.Aff3 {
	switch o {
	case 2:
		return f64.Aff3{-x, 0, x * w, 0, y, 0}
	case 3:
		return f64.Aff3{-x, 0, x * w, 0, -y, y * h}
	case 4:
		return f64.Aff3{x, 0, 0, 0, -y, y * h}
	case 5:
		return f64.Aff3{0, x, 0, y, 0, 0}
	case 6:
		return f64.Aff3{0, -x, x * h, y, 0, 0}
	case 7:
		return f64.Aff3{0, -x, x * h, -y, 0, y * w}
	case 8:
		return f64.Aff3{0, x, 0, -y, 0, y * w}
	}
	return f64.Aff3{x, 0, 0, 0, y, 0}
}

// turnUpright turns and shrinks in one pass, onto white, as a page shows what is transparent. A photo that needs neither
// stays as it was decoded.
func turnUpright(src image.Image, o orientation) image.Image {
	from := src.Bounds().Size()
	full := o.size(from)
	to := grey.FitSize(full, LongestSide)
	if _, ok := src.(*image.YCbCr); ok && o == 1 && to == full {
		return src
	}
	dst := image.NewRGBA(image.Rectangle{Max: to})
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	x, y := float64(to.X)/float64(full.X), float64(to.Y)/float64(full.Y)
	draw.ApproxBiLinear.Transform(dst, o.matrix(float64(from.X), float64(from.Y), x, y), src, src.Bounds(), draw.Over, nil)
	return dst
}
