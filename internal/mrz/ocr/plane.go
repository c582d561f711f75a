package ocr

import (
	"context"
	"image"
	"image/color"
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
			readLuma(img, b.Min.Y+y*factor+line, row)
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

// readLuma reads one row. Decoders of photos make the first types.
func readLuma(img image.Image, y int, row []uint8) {
	b := img.Bounds()
	switch img := img.(type) {
	case *image.Gray:
		copy(row, img.Pix[img.PixOffset(b.Min.X, y):])
	case *image.YCbCr:
		copy(row, img.Y[img.YOffset(b.Min.X, y):])
	case *image.RGBA:
		readRGB(img.Pix[img.PixOffset(b.Min.X, y):], row)
	case *image.NRGBA:
		readRGB(img.Pix[img.PixOffset(b.Min.X, y):], row)
	default:
		for x := range row {
			row[x] = color.GrayModel.Convert(img.At(b.Min.X+x, y)).(color.Gray).Y
		}
	}
}

// readRGB weighs the colours as JPEG does.
func readRGB(pix, row []uint8) {
	for x := range row {
		p := pix[4*x:][:3]
		row[x] = uint8((299*uint32(p[0]) + 587*uint32(p[1]) + 114*uint32(p[2])) / 1000)
	}
}

// resize returns the picture in another width.
func (p plane) resize(width int) plane {
	height := max(1, p.h*width/p.w)
	if width <= p.w {
		return p.shrink(width, height)
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

// shrink averages to a smaller size.
func (p plane) shrink(w, h int) plane {
	small := plane{w, h, make([]uint8, w*h)}
	sums := make([]uint32, w)
	for y := range h {
		clear(sums)
		from, to := y*p.h/h, (y+1)*p.h/h
		for line := from; line < to; line++ {
			row := p.pix[line*p.w:][:p.w]
			for x := range sums {
				for _, v := range row[x*p.w/w : (x+1)*p.w/w] {
					sums[x] += uint32(v)
				}
			}
		}
		for x, sum := range sums {
			small.pix[y*w+x] = uint8(sum / uint32(((x+1)*p.w/w-x*p.w/w)*(to-from)))
		}
	}
	return small
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

// at interpolates between four pixels. Beyond the border the border goes on.
func (p plane) at(x, y float64) float32 {
	x, y = min(max(x-0.5, 0), float64(p.w-1)), min(max(y-0.5, 0), float64(p.h-1))
	left, top := int(x), int(y)
	right, bottom := min(left+1, p.w-1), min(top+1, p.h-1)
	fx, fy := float32(x-float64(left)), float32(y-float64(top))
	upper := float32(p.pix[top*p.w+left])*(1-fx) + float32(p.pix[top*p.w+right])*fx
	lower := float32(p.pix[bottom*p.w+left])*(1-fx) + float32(p.pix[bottom*p.w+right])*fx
	return upper*(1-fy) + lower*fy
}
