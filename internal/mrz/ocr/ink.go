package ocr

import "encoding/binary"

// findInk returns how much darker each pixel is than the paper around it: what a closing with a square of 2·radius+1 pixels fills.
func (p plane) findInk(radius int) plane {
	ink := plane{p.w, p.h, make([]uint8, len(p.pix))}
	copy(ink.pix, p.pix)
	ink.dilate(radius)
	ink.invert()
	ink.dilate(radius)
	for i, v := range ink.pix {
		ink.pix[i] = 255 - v - min(255-v, p.pix[i])
	}
	return ink
}

func (p plane) invert() {
	for i, v := range p.pix {
		p.pix[i] = 255 - v
	}
}

// dilate makes each pixel the brightest one of a square.
func (p plane) dilate(radius int) {
	p.dilateRows(radius)
	p.dilateColumns(radius)
}

// dilateRows doubles the window until it is wide enough. dilateColumns does the same with rows of some columns together, which is quicker than
// going down each column, and takes less memory than all of them.
func (p plane) dilateRows(radius int) {
	size := 2*radius + 1
	padded := make([]uint8, p.w+2*radius)
	for y := range p.h {
		row := p.pix[y*p.w:][:p.w]
		clear(padded)
		copy(padded[radius:], row)
		window := 1
		for ; 2*window <= size; window *= 2 {
			keepBrighter(padded, padded[window:])
		}
		copy(row, padded)
		keepBrighter(row, padded[size-window:])
	}
}

func (p plane) dilateColumns(radius int) {
	size := 2*radius + 1
	padded := make([]uint8, (p.h+2*radius)*min(p.w, together))
	for left := 0; left < p.w; left += together {
		width := min(together, p.w-left)
		part := padded[:(p.h+2*radius)*width]
		clear(part)
		for y := range p.h {
			copy(part[(y+radius)*width:], p.pix[y*p.w+left:][:width])
		}
		window := 1
		for ; 2*window <= size; window *= 2 {
			keepBrighter(part, part[window*width:])
		}
		keepBrighter(part, part[(size-window)*width:])
		for y := range p.h {
			copy(p.pix[y*p.w+left:][:width], part[y*width:])
		}
	}
}

// keepBrighter makes each of to the brighter one of to and from, as far as both go, eight at a time. They may overlap, from being ahead.
func keepBrighter(to, from []uint8) {
	n := min(len(to), len(from))
	to, from = to[:n], from[:n]
	for len(to) >= 8 && len(from) >= 8 {
		binary.LittleEndian.PutUint64(to, brighter(binary.LittleEndian.Uint64(to), binary.LittleEndian.Uint64(from)))
		to, from = to[8:], from[8:]
	}
	for i, v := range from {
		to[i] = max(to[i], v)
	}
}

// brighter is the larger one of each of eight bytes.
func brighter(a, b uint64) uint64 {
	const high = 0x8080808080808080
	rest := (a | high) - (b &^ high) // its high bits: the other seven bits of a are not less than those of b
	notLess := (a&^b | ^(a^b)&rest) & high
	mask := notLess | (notLess - notLess>>7)
	return a&mask | b&^mask
}

const (
	// together is how many columns are dilated together.
	together = 64

	// tile is the side of a square over which contrast is measured, in pixels.
	tile = 16

	// contrastShare is how dark ink is at least, as a share of the darkest ink of the tiles around.
	contrastShare = 0.4

	// leastInk is how much darker than paper ink is at least.
	leastInk = 8
)

// selectInk writes 1 for each pixel that is ink, which at most the permille of pixels are, into a plane of the same size.
func (p plane) selectInk(permille int, selected plane) {
	limit := p.darkest(permille)
	columns, rows := (p.w+tile-1)/tile, (p.h+tile-1)/tile
	contrast := plane{columns, rows, make([]uint8, columns*rows)}
	for y := range p.h {
		for x, v := range p.pix[y*p.w:][:p.w] {
			at := y/tile*columns + x/tile
			contrast.pix[at] = max(contrast.pix[at], v)
		}
	}
	contrast.dilate(1)
	clear(selected.pix)
	for y := range p.h {
		for x, v := range p.pix[y*p.w:][:p.w] {
			if v >= limit && float32(v) >= contrastShare*float32(contrast.pix[y/tile*columns+x/tile]) {
				selected.pix[y*p.w+x] = 1
			}
		}
	}
}

// darkest is the value that so many of thousand pixels reach.
func (p plane) darkest(permille int) uint8 {
	var histogram [256]int
	for _, v := range p.pix {
		histogram[v]++
	}
	value, seen := 255, 0
	for ; value > leastInk; value-- {
		if seen += histogram[value]; seen > len(p.pix)*permille/1000 {
			break
		}
	}
	return uint8(value)
}

// removeTall takes away what is higher in a column than letters of a zone can be, such as the edge of a table.
func (p plane) removeTall(limit int) {
	begin := make([]int, p.w) // of the run of ink in each column
	for y := range p.h + 1 {
		for x := range p.w {
			if y < p.h && p.pix[y*p.w+x] == 1 {
				continue
			}
			if y-begin[x] > limit {
				for line := begin[x]; line < y; line++ {
					p.pix[line*p.w+x] = 0
				}
			}
			begin[x] = y + 1
		}
	}
}

// removeLong takes away what goes on along a row farther than letters do, such as a line that is drawn above the print.
func (p plane) removeLong(limit int) {
	for y := range p.h {
		row := p.pix[y*p.w:][:p.w]
		begin := 0
		for x := range p.w + 1 {
			if x < p.w && row[x] == 1 {
				continue
			}
			if x-begin > limit {
				clear(row[begin:x])
			}
			begin = x + 1
		}
	}
}

// joinLetters fills gaps along rows, and takes away what is not three rows high.
func (p plane) joinLetters(gap int) {
	for y := range p.h {
		row := p.pix[y*p.w:][:p.w]
		last := -gap - 2
		for x, v := range row {
			if v == 0 {
				continue
			}
			if x-last <= gap+1 && last >= 0 {
				for i := last + 1; i < x; i++ {
					row[i] = 1
				}
			}
			last = x
		}
	}
	p.removeFlat()
}

// removeFlat takes away what is not three rows high, in place.
func (p plane) removeFlat() {
	var high [3][]uint8 // of a row and those above and below: 1 where the pixel above, the pixel and the one below are ink
	for i := range high {
		high[i] = make([]uint8, p.w)
	}
	for y := range p.h {
		below := high[(y+1)%3]
		p.findHigh(y+1, below)
		row, above, own := p.pix[y*p.w:][:p.w], high[(y+2)%3], high[y%3]
		for x := range row {
			row[x] = above[x] | own[x] | below[x]
		}
	}
}

// findHigh writes 1 where a pixel of a row and those above and below are ink.
func (p plane) findHigh(y int, high []uint8) {
	if y < 1 || y >= p.h-1 {
		clear(high)
		return
	}
	above, own, below := p.pix[(y-1)*p.w:][:p.w], p.pix[y*p.w:][:p.w], p.pix[(y+1)*p.w:][:p.w]
	for x := range high {
		high[x] = above[x] & own[x] & below[x]
	}
}
