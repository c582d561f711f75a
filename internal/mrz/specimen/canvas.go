// Package specimen draws documents with a machine-readable zone, and photographs them as a phone would: with known answers, to train and
// to measure the reader with. Of docket itself only the demo imports it.
package specimen

import (
	"image"
	"math"
	"math/rand/v2"

	"docket/internal/grey"
)

// Canvas is a picture in grey, from 0 for black to 255 for white.
type Canvas struct {
	Width, Height int
	Grey          []float32
}

// NewCanvas is a sheet of one shade.
func NewCanvas(width, height int, shade float32) *Canvas {
	c := &Canvas{width, height, make([]float32, width*height)}
	for i := range c.Grey {
		c.Grey[i] = shade
	}
	return c
}

// darken mixes ink into a pixel; what lies outside is nothing.
func (c *Canvas) darken(x, y int, ink, share float32) {
	if x < 0 || y < 0 || x >= c.Width || y >= c.Height {
		return
	}
	p := &c.Grey[y*c.Width+x]
	*p += (ink - *p) * min(1, share)
}

// At is the shade at a point.
func (c *Canvas) At(x, y float64) float32 { return grey.Interpolate(c.Grey, c.Width, c.Height, x, y) }

// Blur averages twice over a box of 2·radius+1 pixels in each direction; radius may be a fraction.
func (c *Canvas) Blur(radiusX, radiusY float64) {
	for range 2 {
		c.blurLines(radiusX, c.Height, c.Width, c.Width, 1)
		c.blurLines(radiusY, c.Width, c.Height, 1, c.Width)
	}
}

// blurLines averages along lines that begin at multiples of stride, with step from one pixel to the next.
func (c *Canvas) blurLines(radius float64, lines, length, stride, step int) {
	if radius <= 0 {
		return
	}
	whole := int(radius)
	rest := float32(radius - float64(whole))
	line := make([]float32, length)
	for k := range lines {
		start := k * stride
		for i := range line {
			line[i] = c.Grey[start+i*step]
		}
		clamp := func(i int) float32 { return line[min(max(i, 0), length-1)] }
		sum := float32(0)
		for d := -whole; d <= whole; d++ {
			sum += clamp(d)
		}
		for i := range line {
			c.Grey[start+i*step] = (sum + rest*(clamp(i-whole-1)+clamp(i+whole+1))) / (float32(2*whole+1) + 2*rest)
			sum += clamp(i+whole+1) - clamp(i-whole)
		}
	}
}

// AddNoise adds what a sensor adds in the dark.
func (c *Canvas) AddNoise(r *rand.Rand, deviation float64) {
	for i := range c.Grey {
		c.Grey[i] += float32(r.NormFloat64() * deviation)
	}
}

// Image rounds to 8 bits.
func (c *Canvas) Image() *image.Gray {
	g := image.NewGray(image.Rect(0, 0, c.Width, c.Height))
	for i, v := range c.Grey {
		g.Pix[i] = uint8(math.Round(float64(min(max(v, 0), 255))))
	}
	return g
}

// FromImage copies a picture in grey.
func FromImage(g *image.Gray) *Canvas {
	size := g.Rect.Size()
	c := &Canvas{size.X, size.Y, make([]float32, size.X*size.Y)}
	for y := range size.Y {
		for x, v := range g.Pix[y*g.Stride:][:size.X] {
			c.Grey[y*size.X+x] = float32(v)
		}
	}
	return c
}
