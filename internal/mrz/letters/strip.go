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
