package ocr

import (
	"math"

	"docket/internal/mrz/letters"
)

// row is one line of a group in the picture: where its strip begins and ends, along the middle of its letters.
type row struct {
	x0, y0, x1, y1 float64
	thick          float64
}

// rows prolongs the lines of a group to the length of the longest one, and scales them to another plane.
func (g group) rows(scale float64) []row {
	slope, thick := 0.0, 0.0
	for i := range g.lines {
		_, s := g.lines[i].line()
		slope += s / float64(len(g.lines))
		thick = max(thick, g.lines[i].thickness())
	}
	cos := 1 / math.Sqrt(1+slope*slope)
	sin := slope * cos
	first, last := math.Inf(1), math.Inf(-1) // along the direction of the lines
	for i := range g.lines {
		b := &g.lines[i]
		start, s := b.line()
		along := func(x float64) float64 { return x*cos + (start+s*x)*sin }
		first, last = min(first, along(float64(b.x0))), max(last, along(float64(b.x1)))
	}
	rows := make([]row, len(g.lines))
	for i := range g.lines {
		start, s := g.lines[i].line()
		across := func(along float64) (x, y float64) {
			x = (along - start*sin) / (cos + s*sin)
			return x, start + s*x
		}
		r := &rows[i]
		r.x0, r.y0 = across(first)
		r.x1, r.y1 = across(last)
		// The middle of a pixel is half a pixel from its corner.
		r.x0, r.y0, r.x1, r.y1 = r.x0*scale, (r.y0+0.5)*scale, r.x1*scale, (r.y1+0.5)*scale
		r.thick = thick * scale
	}
	return rows
}

func (r row) length() float64 { return math.Hypot(r.x1-r.x0, r.y1-r.y0) }

// straight is a strip and how to find its points in the plane: a column is along (cx, cy), a row along (rx, ry).
type straight struct {
	letters.Strip
	x, y, cx, cy, rx, ry float64
	shaded               bool // the edge of a shadow crosses it
}

// point returns where a point of the strip is in the plane.
func (s *straight) point(column, line float64) (x, y float64) {
	return s.x + column*s.cx + line*s.rx, s.y + column*s.cy + line*s.ry
}

// margin is how much of the picture a strip has on each side of the line, in heights of letters.
const margin = 0.7

// straighten cuts a line out of the plane, with letters of about the height capital.
func (f *finder) straighten(r row, capital float64) straight {
	tall := min(max(1.9*r.thick, 1.75*capital), 2.3*capital)
	step := tall / letters.Height
	length := r.length()
	ux, uy := (r.x1-r.x0)/length, (r.y1-r.y0)/length
	columns := int((length + 2*margin*capital) / step * letters.Aspect)
	s := straight{Strip: letters.Strip{Width: columns, Ink: make([]float32, columns*letters.Height)}}
	s.cx, s.cy = ux*step/letters.Aspect, uy*step/letters.Aspect
	s.rx, s.ry = -uy*step, ux*step
	s.x = r.x0 - ux*margin*capital - s.rx*letters.Height/2
	s.y = r.y0 - uy*margin*capital - s.ry*letters.Height/2
	from, scale := f.sharpness(step)
	for line := range letters.Height {
		for column := range columns {
			x, y := s.point(float64(column)+0.5, float64(line)+0.5)
			s.Ink[line*columns+column] = 255 - from.at(x*scale, y*scale)
		}
	}
	s.shaded = s.LevelLight(int(0.5 * capital / step * letters.Aspect))
	s.RemoveLong(int(longest * capital / step * letters.Aspect))
	return s
}

// longest is how far ink may go on along a row, in heights of letters.
const longest = 3.5

// coarse is how many pixels apart points are, from which on they are taken from a plane of half the size: each is then the mean of more.
const coarse = 1.4

// sharpness returns the plane for points that are step pixels apart, and its scale.
func (f *finder) sharpness(step float64) (from plane, scale float64) {
	if step < coarse {
		return f.plane, 1
	}
	if f.half.pix == nil {
		f.half = f.halve()
	}
	return f.half, 0.5
}
