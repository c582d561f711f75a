package testpicture

import (
	"image"
	"image/color"
	"math"
)

// Blurred is out of focus: a box filter of the given share of the width, twice.
func Blurred(src *image.RGBA, share float64) *image.RGBA {
	radius := max(1, int(share*float64(src.Rect.Dx())/2))
	return box(box(box(box(src, radius, 1, 0), radius, 0, 1), radius, 1, 0), radius, 0, 1)
}

// box averages along one direction.
func box(src *image.RGBA, radius, dx, dy int) *image.RGBA {
	dst := image.NewRGBA(src.Rect)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	lines, length := h*dx+w*dy, w*dx+h*dy
	for line := range lines {
		at := func(i int) int {
			i = min(max(i, 0), length-1)
			return src.PixOffset(i*dx+line*dy, i*dy+line*dx)
		}
		var sum [3]int
		for i := -radius; i <= radius; i++ {
			for c := range sum {
				sum[c] += int(src.Pix[at(i)+c])
			}
		}
		for i := range length {
			o := at(i)
			for c := range sum {
				dst.Pix[o+c] = uint8(sum[c] / (2*radius + 1))
				sum[c] += int(src.Pix[at(i+radius+1)+c]) - int(src.Pix[at(i-radius)+c])
			}
			dst.Pix[o+3] = 255
		}
	}
	return dst
}

// Lit multiplies the light: below 1 is darker, above brighter.
func Lit(src *image.RGBA, factor float64) *image.RGBA {
	return each(src, func(_, _ int, c color.RGBA) color.RGBA {
		lit := func(v uint8) uint8 { return uint8(min(255, float64(v)*factor)) }
		return color.RGBA{lit(c.R), lit(c.G), lit(c.B), 255}
	})
}

// Reflecting has the reflection of a lamp at a place, with a radius, all shares of width and height.
func Reflecting(src *image.RGBA, x, y, radius float64) *image.RGBA {
	w, h := float64(src.Rect.Dx()), float64(src.Rect.Dy())
	return each(src, func(px, py int, c color.RGBA) color.RGBA {
		distance := math.Hypot(float64(px)-x*w, float64(py)-y*h) / (radius * w)
		burn := func(v uint8) uint8 { return uint8(min(255, float64(v)+255*max(0, min(1, 3-2*distance)))) }
		return color.RGBA{burn(c.R), burn(c.G), burn(c.B), 255}
	})
}

// Copied is what a black-and-white copier makes of it.
func Copied(src *image.RGBA) *image.RGBA {
	return each(src, func(_, _ int, c color.RGBA) color.RGBA {
		g := color.GrayModel.Convert(c).(color.Gray).Y
		return color.RGBA{g, g, g, 255}
	})
}

func each(src *image.RGBA, change func(x, y int, c color.RGBA) color.RGBA) *image.RGBA {
	dst := image.NewRGBA(src.Rect)
	for y := range src.Rect.Dy() {
		for x := range src.Rect.Dx() {
			dst.SetRGBA(x, y, change(x, y, src.RGBAAt(x, y)))
		}
	}
	return dst
}
