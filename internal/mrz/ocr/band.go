package ocr

import (
	"math"
	"slices"
)

// band is a long dark stripe, such as letters side by side become: sums over its pixels.
type band struct {
	n, sx, sy, sxx, sxy, syy float64
	x0, x1, y0, y1           int
}

func (b *band) add(y, from, to int) {
	n, fy := float64(to-from), float64(y)
	first, last := float64(from), float64(to-1)
	b.n += n
	b.sx += n * (first + last) / 2
	b.sy += n * fy
	b.sxy += n * (first + last) / 2 * fy
	b.syy += n * fy * fy
	b.sxx += sumSquares(last) - sumSquares(first-1)
	b.x0, b.x1 = min(b.x0, from), max(b.x1, to)
	b.y1 = y + 1 // rows come in their order
}

// sumSquares is 0² + 1² + … + n².
func sumSquares(n float64) float64 { return n * (n + 1) * (2*n + 1) / 6 }

func (b *band) join(other *band) {
	b.n, b.sx, b.sy = b.n+other.n, b.sx+other.sx, b.sy+other.sy
	b.sxx, b.sxy, b.syy = b.sxx+other.sxx, b.sxy+other.sxy, b.syy+other.syy
	b.x0, b.x1 = min(b.x0, other.x0), max(b.x1, other.x1)
}

// line returns the middle of the band: y = start + slope·x.
func (b *band) line() (start, slope float64) {
	if d := b.n*b.sxx - b.sx*b.sx; d > 0 {
		slope = (b.n*b.sxy - b.sx*b.sy) / d
	}
	return (b.sy - slope*b.sx) / b.n, slope
}

func (b *band) length() float64 { return float64(b.x1 - b.x0) }

// thickness is how high the band is, as far as it is filled.
func (b *band) thickness() float64 { return b.n / b.length() }

// spread is the deviation of the pixels from the middle.
func (b *band) spread() float64 {
	start, slope := b.line()
	v := b.syy - 2*slope*b.sxy - 2*start*b.sy + slope*slope*b.sxx + 2*start*slope*b.sx + start*start*b.n
	return math.Sqrt(max(0, v/b.n))
}

// run is a part of row y that is ink. A plane has many, so they are small.
type run struct{ y, from, to, root int32 }

// runs are the runs of a plane in the order of their rows, of which each points to another of its band, or to itself.
type runs struct{ list []run }

// root is the run to which all of a band lead.
func (r *runs) root(i int32) int32 {
	for r.list[i].root != i {
		r.list[i].root = r.list[r.list[i].root].root
		i = r.list[i].root
	}
	return i
}

// addRow adds the runs of a row.
func (r *runs) addRow(y int, row []uint8) {
	for x := 0; x < len(row); {
		if row[x] == 0 {
			x++
			continue
		}
		from := x
		for x < len(row) && row[x] == 1 {
			x++
		}
		r.list = append(r.list, run{int32(y), int32(from), int32(x), int32(len(r.list))})
	}
}

// joinRows joins the runs from begin on with those of the row above, which begin at above.
func (r *runs) joinRows(above, begin int) {
	i := above
	for k := begin; k < len(r.list); k++ {
		for i > above && r.list[i-1].to >= r.list[k].from {
			i--
		}
		for ; i < begin && r.list[i].from <= r.list[k].to; i++ {
			if r.list[i].to >= r.list[k].from {
				r.list[r.root(int32(k))].root = r.root(int32(i))
			}
		}
	}
}

// findRuns finds the runs of ink, and which of them touch.
func (p plane) findRuns() runs {
	var found runs
	above := 0
	for y := range p.h {
		begin := len(found.list)
		found.addRow(y, p.pix[y*p.w:][:p.w])
		found.joinRows(above, begin)
		above = begin
	}
	return found
}

// bands returns a band for each set of runs that touch, and the number of the band of each run.
func (r *runs) bands(width int) (bands []band, of []int) {
	of = make([]int, len(r.list))
	for i := range of {
		of[i] = -1
	}
	for i, one := range r.list {
		root := r.root(int32(i))
		if of[root] < 0 {
			of[root] = len(bands)
			bands = append(bands, band{x0: width, y0: int(one.y)})
		}
		of[i] = of[root]
		bands[of[i]].add(int(one.y), int(one.from), int(one.to))
	}
	return bands, of
}

// findBands joins runs of ink that touch.
func (p plane) findBands() []band {
	found := p.findRuns()
	bands, _ := found.bands(p.w)
	return bands
}

// removeFrames takes away what touches and is no print: thin lines, and what is both long and high, such as the frame of a page.
func (p plane) removeFrames() {
	found := p.findRuns()
	bands, of := found.bands(p.w)
	for i, one := range found.list {
		if b := &bands[of[i]]; b.length() > longestInk*float64(p.w) && (b.y1-b.y0 > p.w/8 || b.spread() < float64(p.w)/400) {
			row := p.pix[int(one.y)*p.w:]
			clear(row[one.from:one.to])
		}
	}
}

// longestInk is how long ink is that may be letters that touch, as a share of the picture's width.
const longestInk = 0.11

const (
	// steepest is the slope of a line that is read: about 20 degrees.
	steepest = 0.37

	// shortest is the length of a line that is read, as a share of the picture's width; shortestPart of a part of it.
	shortest     = 0.22
	shortestPart = 0.03

	// widestGap is between two parts of a line, as a share of the picture's width.
	widestGap = 0.14
)

// selectLines keeps bands that are as long and thin as a line of print, and joins the parts of one.
func selectLines(bands []band, width int) []band {
	bands = slices.DeleteFunc(bands, func(b band) bool {
		return b.length() < shortestPart*float64(width) || b.length() < 2*b.thickness() || b.thickness() > float64(width)/12
	})
	slices.SortFunc(bands, func(a, b band) int { return a.x0 - b.x0 })
	for again := true; again; {
		bands, again = joinParts(bands, widestGap*float64(width))
	}
	bands = slices.DeleteFunc(bands, func(b band) bool {
		_, slope := b.line()
		return b.length() < shortest*float64(width) || math.Abs(slope) > steepest || b.thickness() > b.length()/12 || b.thickness() < b.length()/130
	})
	return bands
}

// joinParts joins bands, which are in order of where they begin, with one that goes on where they end.
func joinParts(bands []band, gap float64) (_ []band, joined bool) {
	for i := range bands {
		if bands[i].length() < 4*bands[i].thickness() {
			continue
		}
		for k := i + 1; k < len(bands); k++ {
			if float64(bands[k].x0-bands[i].x1) > gap {
				break
			}
			if goesOn(&bands[i], &bands[k]) {
				bands[i].join(&bands[k])
				return slices.Delete(bands, k, k+1), true
			}
		}
	}
	return bands, false
}

// goesOn tells whether two bands are parts of one line.
func goesOn(a, b *band) bool {
	thick, other := a.thickness(), b.thickness()
	if float64(b.x0-a.x1) < -thick || thick > 1.7*other || other > 1.7*thick {
		return false
	}
	both := *a
	both.join(b)
	_, slope := both.line()
	return both.spread() < 1.25*max(a.spread(), b.spread())+0.3 && math.Abs(slope) < steepest
}
