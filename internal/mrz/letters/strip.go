// Package letters reads straightened lines of a machine-readable zone: it cuts a line into its letters and says how likely each
// letter is. Its network is trained by internal/mrz/train on letters drawn from a font of OCR-B, and on nothing else.
package letters

import (
	"slices"

	"docket/internal/grey"
)

// Height is how many rows a Strip has. The letters are about half as high.
const Height = 40

// Aspect is how much narrower a column is than a row is high, as a share: letters are cut where columns are few.
const Aspect = 0.8

// Strip is one line of print, straight and level. Ink is row by row: 0 is white paper, 255 is black.
type Strip struct {
	Width int
	Ink   []float32
}

// Alphabet is every character of a zone. Its order is that of Odds.
const Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"

// Index returns the place of a character in the Alphabet, which it has to be of.
func Index(character byte) int {
	switch {
	case character == '<':
		return len(Alphabet) - 1
	case character >= 'A':
		return int(character - 'A')
	}
	return int(character-'0') + 26
}

// columnInk is how much ink each column has between the second and the fourth fifth of the height, where 1 is the most. The lightest pixel of
// a column is its paper.
func (s Strip) columnInk() []float64 {
	ink := make([]float64, s.Width)
	for x := range ink {
		paper, sum := float32(255), float32(0)
		for y := Height / 5; y < Height*4/5; y++ {
			v := s.Ink[y*s.Width+x]
			paper, sum = min(paper, v), sum+v
		}
		ink[x] = float64(sum - paper*(Height*4/5-Height/5))
	}
	most := slices.Max(ink)
	if most <= 0 {
		return ink
	}
	for x := range ink {
		ink[x] /= most
	}
	return ink
}

// at is the ink at a point.
func (s Strip) at(x, y float64) float32 { return grey.Interpolate(s.Ink, s.Width, Height, x, y) }

// dark is how dark a line is that RemoveLong takes away, as a share of the way from the paper to the ink.
const dark = 0.7

// RemoveLong takes away what is dark along a row for more than so many columns, such as a line that is drawn beside the print.
func (s Strip) RemoveLong(columns int) {
	if columns < 2 || columns >= s.Width {
		return
	}
	paper, ink := s.shades()
	limit := paper + dark*(ink-paper)
	least, level := make([]float32, s.Width), make([]float32, s.Width+columns-1)
	for y := range Height {
		row := s.Ink[y*s.Width:][:s.Width]
		if !goesOn(row, limit, columns) {
			continue
		}
		slide(least, row, columns, less)
		clear(level)
		copy(level[columns-1:], least[:s.Width-columns+1])
		slide(level, level, columns, greater)
		for x := range row {
			if level[x] >= limit {
				row[x] -= level[x] - paper
			}
		}
	}
}

// goesOn tells whether so many columns of a row are as dark as limit, one beside the other.
func goesOn(row []float32, limit float32, columns int) bool {
	n := 0
	for _, v := range row {
		if v < limit {
			n = 0
		} else if n++; n == columns {
			return true
		}
	}
	return false
}

// shades are those of the paper and of the ink: one pixel in four is lighter, one in forty is darker.
func (s Strip) shades() (paper, ink float32) {
	var histogram [256]int
	for _, v := range s.Ink {
		histogram[uint8(min(max(v, 0), 255))]++
	}
	seen, light := 0, -1
	for v, n := range histogram {
		seen += n
		if light < 0 && 4*seen >= len(s.Ink) {
			light = v
		}
		if 40*(len(s.Ink)-seen) <= len(s.Ink) {
			return float32(light), float32(v)
		}
	}
	return 0, 0
}

// slide writes what the values of each window of so many come to, by doubling windows.
func slide(to, from []float32, size int, of func(a, b float32) float32) {
	copy(to, from)
	window := 1
	for ; 2*window <= size; window *= 2 {
		for i := range len(to) - window {
			to[i] = of(to[i], to[i+window])
		}
	}
	for i := range len(to) - (size - window) {
		to[i] = of(to[i], to[i+size-window])
	}
}
