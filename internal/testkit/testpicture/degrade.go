package testpicture

import (
	"image"
	"image/color"
	"math"
)

// Blurred is out of focus: a box filter of the given share of the width, twice.
func Blurred(src *image.RGBA, share float64) *image.RGBA {
	radius := max(1, int(share*float64(src.Rect.Dx())/2))
	return boxFilter(boxFilter(boxFilter(boxFilter(src, radius, 1, 0), radius, 0, 1), radius, 1, 0), radius, 0, 1)
}

// boxFilter averages along one direction.
func boxFilter(src *image.RGBA, radius, dx, dy int) *image.RGBA {
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

// Brightened multiplies the brightness; a factor below 1 makes it darker.
func Brightened(src *image.RGBA, factor float64) *image.RGBA {
	return mapPixels(src, func(_, _ int, c color.RGBA) color.RGBA {
		brighten := func(v uint8) uint8 { return uint8(min(255, float64(v)*factor)) }
		return color.RGBA{brighten(c.R), brighten(c.G), brighten(c.B), 255}
	})
}

// WithGlare adds the reflection of a lamp. x, y and radius are shares of width, height and width.
func WithGlare(src *image.RGBA, x, y, radius float64) *image.RGBA {
	w, h := float64(src.Rect.Dx()), float64(src.Rect.Dy())
	return mapPixels(src, func(px, py int, c color.RGBA) color.RGBA {
		distance := math.Hypot(float64(px)-x*w, float64(py)-y*h) / (radius * w)
		burn := func(v uint8) uint8 { return uint8(min(255, float64(v)+255*max(0, min(1, 3-2*distance)))) }
		return color.RGBA{burn(c.R), burn(c.G), burn(c.B), 255}
	})
}

// Greyscale is a black-and-white copy.
func Greyscale(src *image.RGBA) *image.RGBA {
	return mapPixels(src, func(_, _ int, c color.RGBA) color.RGBA {
		g := color.GrayModel.Convert(c).(color.Gray).Y
		return color.RGBA{g, g, g, 255}
	})
}

func mapPixels(src *image.RGBA, change func(x, y int, c color.RGBA) color.RGBA) *image.RGBA {
	dst := image.NewRGBA(src.Rect)
	for y := range src.Rect.Dy() {
		for x := range src.Rect.Dx() {
			from, to := src.Pix[src.PixOffset(x, y):], dst.Pix[dst.PixOffset(x, y):]
			c := change(x, y, color.RGBA{from[0], from[1], from[2], from[3]})
			to[0], to[1], to[2], to[3] = c.R, c.G, c.B, c.A
		}
	}
	return dst
}
