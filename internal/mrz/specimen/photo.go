package specimen

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
)

// Conditions are how a photo is taken.
type Conditions struct {
	Width       int     // of the photo in pixels
	Fill        float64 // how much of the width the document takes, above 1 it is cut off
	Turn        int     // degrees clockwise by which the photo lies on its side: 0, 90, 180, 270
	Skew        float64 // degrees
	Perspective float64 // how much smaller the far side is
	Blur        float64 // as a share of a letter's pitch
	Motion      float64 // blur along the line, the same
	Noise       float64 // deviation of the sensor
	Shade       float64 // how much darker the darkest corner is
	Glare       float64 // brightness of a spot of light, from 0 to 1
	Table       float32 // grey around the document
	Quality     int     // of the JPEG
	Again       int     // quality of a second JPEG that is made of the first, 0 for none
	Bend        float64 // height of the arc of an open book's page, as a share of the width
	Moire       float64 // depth of the stripes of a scan of a print, or of a photographed screen
	Finger      float64 // depth of a shadow across a part of the page
	Wear        Wear    // of the print
}

// Photo is a photographed document.
type Photo struct {
	Image *image.Gray
	JPEG  []byte
	Lines []string
}

// resolution is how many pixels of the page a pixel of the photo has.
const resolution = 1.25

// Take draws a document and photographs it. The same source of random numbers gives the same photo.
func Take(random *rand.Rand, kind Kind, c Conditions) (Photo, error) {
	wide, high := size(kind)
	scale := float64(c.Width) * c.Fill / wide
	page := drawPage(random, kind, scale*resolution, c.Wear)
	height := int(float64(c.Width) * high / wide * max(1, 0.9+0.3*random.Float64()))
	photo := NewCanvas(c.Width, height, c.Table)
	photo.project(random, page.Canvas, c)
	pitch := zonePitch * scale
	photo.Blur(pitch*(c.Blur+c.Motion)/2, pitch*c.Blur/2)
	photo.light(random, c)
	photo.castShadow(random, c.Finger)
	photo.drawMoire(random, c.Moire)
	photo.AddNoise(random, c.Noise)
	img, file, err := compress(turn(photo.Image(), c.Turn), c.Quality)
	if err == nil && c.Again > 0 {
		shift := image.Pt(1+random.IntN(7), 1+random.IntN(7)) // so that the blocks are others
		img, file, err = compress(img.SubImage(image.Rectangle{shift, img.Rect.Max}).(*image.Gray), c.Again)
	}
	return Photo{img, file, page.Lines}, err
}

// compress returns a picture as it is after it was a JPEG, and the JPEG.
func compress(g *image.Gray, quality int) (*image.Gray, []byte, error) {
	var file bytes.Buffer
	if err := jpeg.Encode(&file, g, &jpeg.Options{Quality: quality}); err != nil {
		return nil, nil, fmt.Errorf("specimen: encode: %w", err)
	}
	img, err := jpeg.Decode(bytes.NewReader(file.Bytes()))
	if err != nil {
		return nil, nil, fmt.Errorf("specimen: decode: %w", err)
	}
	return img.(*image.Gray), file.Bytes(), nil
}

// project lays the page onto the table, turned by the skew, its far side smaller.
func (c *Canvas) project(random *rand.Rand, page *Canvas, how Conditions) {
	sin, cos := math.Sincos(how.Skew * math.Pi / 180)
	direction := random.Float64() * 2 * math.Pi
	sinD, cosD := math.Sincos(direction)
	px, py := how.Perspective*cosD/float64(c.Width), how.Perspective*sinD/float64(c.Width)
	cx, cy := float64(c.Width)/2, float64(c.Height)/2
	for y := range c.Height {
		for x := range c.Width {
			dx, dy := float64(x)+0.5-cx, float64(y)+0.5-cy
			k := 1 + px*dx + py*dy
			dx, dy = dx/k*resolution, dy/k*resolution
			u, v := dx*cos+dy*sin+float64(page.Width)/2, -dx*sin+dy*cos+float64(page.Height)/2
			if how.Bend != 0 {
				along := u/float64(page.Width) - 0.5
				v += how.Bend * float64(page.Width) * (4*along*along + 3*along*along*along)
			}
			if u >= 0 && v >= 0 && u < float64(page.Width) && v < float64(page.Height) {
				c.Grey[y*c.Width+x] = page.At(u, v)
			}
		}
	}
}

// light makes corners darker and puts a spot of light onto the page.
func (c *Canvas) light(random *rand.Rand, how Conditions) {
	lx, ly := random.Float64(), random.Float64()
	gx, gy, radius := random.Float64(), 0.5+0.5*random.Float64(), 0.03+0.07*random.Float64()
	for y := range c.Height {
		for x := range c.Width {
			u, v := float64(x)/float64(c.Width), float64(y)/float64(c.Height)
			p := &c.Grey[y*c.Width+x]
			*p *= float32(1 - how.Shade*math.Hypot(u-lx, v-ly))
			d := math.Hypot(u-gx, v-gy) / radius
			*p += (255 - *p) * float32(how.Glare*math.Exp(-d*d))
		}
	}
}

// castShadow makes a stripe of the photo darker, such as under a finger or a hand.
func (c *Canvas) castShadow(random *rand.Rand, deep float64) {
	if deep == 0 {
		return
	}
	from, wide := random.Float64(), 0.1+0.2*random.Float64()
	sin, cos := math.Sincos(0.5 * random.NormFloat64())
	soft := 0.004 + 0.02*random.Float64()
	for y := range c.Height {
		for x := range c.Width {
			at := ((float64(x)*cos+float64(y)*sin)/float64(c.Width) - from) / soft
			inside := 1 / (1 + math.Exp(-at)) * (1 - 1/(1+math.Exp(-at+wide/soft)))
			c.Grey[y*c.Width+x] *= float32(1 - deep*inside)
		}
	}
}

// drawMoire lays two gratings over the photo that are nearly as fine as its pixels.
func (c *Canvas) drawMoire(random *rand.Rand, deep float64) {
	if deep == 0 {
		return
	}
	for range 2 {
		sin, cos := math.Sincos(random.Float64() * math.Pi)
		period := 2.1 + 3*random.Float64()
		for y := range c.Height {
			for x := range c.Width {
				wave := math.Sin(2 * math.Pi * (float64(x)*cos + float64(y)*sin) / period)
				c.Grey[y*c.Width+x] *= float32(1 - deep*(0.5+0.5*wave))
			}
		}
	}
}

// turn turns a picture clockwise by a multiple of 90 degrees.
func turn(g *image.Gray, degrees int) *image.Gray {
	for range degrees / 90 {
		width, height := g.Rect.Dx(), g.Rect.Dy()
		turned := image.NewGray(image.Rect(0, 0, height, width))
		for y := range height {
			for x := range width {
				turned.Pix[x*turned.Stride+height-1-y] = g.Pix[y*g.Stride+x]
			}
		}
		g = turned
	}
	return g
}

// Draw returns the conditions of a photo that a phone takes: from easy at 0 to hard at 1.
func Draw(random *rand.Rand, width int, hard float64) Conditions {
	r := random
	c := Conditions{
		Width: width, Fill: 0.72 + 0.3*r.Float64(), Skew: (r.Float64()*2 - 1) * (2 + 13*hard), Perspective: 0.25 * hard * r.Float64(),
		Blur: 0.05 + 0.2*hard*r.Float64(), Motion: 0.15 * hard * r.Float64(), Noise: 1 + 9*hard*r.Float64(), Shade: 0.15 + 0.4*hard*r.Float64(),
		Table: float32(10 + r.IntN(240)), Quality: 90 - int(50*hard*r.Float64()),
	}
	if math.Abs(c.Skew) > 4 {
		c.Fill = min(c.Fill, 0.93)
	}
	if r.Float64() < hard*0.4 {
		c.Glare = r.Float64() * 0.8
	}
	return c
}
