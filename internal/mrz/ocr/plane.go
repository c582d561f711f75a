package ocr

import (
	"context"
	"image"

	"docket/internal/grey"
)

// plane is a picture in grey.
type plane struct {
	w, h int
	pix  []uint8
}

// newPlane averages a picture by a whole factor, so that its longer side has at most limit pixels. It returns the context's error when the
// context ends.
func newPlane(ctx context.Context, img image.Image, limit int) (p plane, factor int, err error) {
	b := img.Bounds()
	factor = max(1, (max(b.Dx(), b.Dy())+limit-1)/limit)
	p = plane{w: b.Dx() / factor, h: b.Dy() / factor}
	p.pix = make([]uint8, p.w*p.h)
	row, sums := make([]uint8, b.Dx()), make([]uint32, p.w)
	area := uint32(factor * factor)
	for y := range p.h {
		if y%64 == 0 && ctx.Err() != nil {
			return plane{}, 0, context.Cause(ctx)
		}
		clear(sums)
		for line := range factor {
			grey.ReadRow(img, b.Min.Y+y*factor+line, row)
			for x := range sums {
				for _, v := range row[x*factor : (x+1)*factor] {
					sums[x] += uint32(v)
				}
			}
		}
		for x, sum := range sums {
			p.pix[y*p.w+x] = uint8(sum / area)
		}
	}
	return p, factor, nil
}

// image is the plane for what makes copies of pictures.
func (p plane) image() *image.Gray {
	return &image.Gray{Pix: p.pix, Stride: p.w, Rect: image.Rect(0, 0, p.w, p.h)}
}

// halve averages four pixels to one.
func (p plane) halve() plane {
	half := plane{p.w / 2, p.h / 2, make([]uint8, (p.w/2)*(p.h/2))}
	for y := range half.h {
		upper, lower := p.pix[2*y*p.w:][:p.w], p.pix[(2*y+1)*p.w:][:p.w]
		for x := range half.w {
			half.pix[y*half.w+x] = uint8((int(upper[2*x]) + int(upper[2*x+1]) + int(lower[2*x]) + int(lower[2*x+1]) + 2) / 4)
		}
	}
	return half
}

// resize returns the picture in another width.
func (p plane) resize(width int) plane {
	height := max(1, p.h*width/p.w)
	if width <= p.w {
		small := grey.ShrinkTo(p.image(), image.Pt(width, height))
		return plane{width, height, small.Pix}
	}
	large := plane{width, height, make([]uint8, width*height)}
	scale := float64(p.w) / float64(width)
	for y := range height {
		for x := range width {
			large.pix[y*width+x] = uint8(p.at((float64(x)+0.5)*scale, (float64(y)+0.5)*scale))
		}
	}
	return large
}

// smooth averages each pixel with its neighbours, in place, so that noise and fine stripes are not taken for ink. The border stays.
func (p plane) smooth() plane {
	var sums [3][]uint16 // of a row and those above and below
	for i := range sums {
		sums[i] = make([]uint16, p.w)
	}
	for y := range p.h {
		p.sumNeighbours(y, sums[y%3])
		if y < 2 {
			continue
		}
		row := p.pix[(y-1)*p.w:][:p.w]
		above, own, below := sums[(y-2)%3], sums[(y-1)%3], sums[y%3]
		for x := 1; x < p.w-1; x++ {
			row[x] = uint8((above[x] + 2*own[x] + below[x] + 8) / 16)
		}
	}
	return p
}

// sumNeighbours adds each pixel of a row to those beside it.
func (p plane) sumNeighbours(y int, sums []uint16) {
	row := p.pix[y*p.w:][:p.w]
	for x := 1; x < p.w-1; x++ {
		sums[x] = uint16(row[x-1]) + 2*uint16(row[x]) + uint16(row[x+1])
	}
}

// turn turns a quarter clockwise.
func (p plane) turn() plane {
	turned := plane{p.h, p.w, make([]uint8, len(p.pix))}
	for y := range p.h {
		for x, v := range p.pix[y*p.w:][:p.w] {
			turned.pix[x*p.h+p.h-1-y] = v
		}
	}
	return turned
}

// at is the value at a point.
func (p plane) at(x, y float64) float32 { return grey.Interpolate(p.pix, p.w, p.h, x, y) }
