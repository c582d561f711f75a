package specimen

import (
	"bytes"
	_ "embed"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"sync"

	"docket/internal/mrz/letters"
)

// The sheet has one row for each style of the font, and in a row the letters of letters.Alphabet side by side, in black on white.
const (
	SheetPitch    = 72  // columns of a letter
	SheetHeight   = 110 // rows of a style
	SheetBaseline = 90  // row on which the letters stand
)

//go:embed letters.png
var sheetFile []byte

// strokes is how many thicknesses of stroke are made of each style.
const strokes = 5

// Sheet has the letters of OCR-B, each in several thicknesses.
type Sheet struct {
	glyphs [][len(letters.Alphabet)]glyph
}

// glyph is the sum of the ink above and left of each pixel, so that the mean over a rectangle takes four of them.
type glyph []float32

// Letters is the sheet that make weights has drawn.
var Letters = sync.OnceValue(func() *Sheet {
	s, err := readSheet(sheetFile)
	if err != nil {
		panic(err) // a broken build
	}
	return s
})

func readSheet(data []byte) (*Sheet, error) {
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("specimen: sheet of letters: %w", err)
	}
	all := image.NewGray(img.Bounds())
	draw.Draw(all, all.Rect, img, image.Point{}, draw.Src)
	if all.Rect.Dx() != SheetPitch*len(letters.Alphabet) || all.Rect.Dy()%SheetHeight != 0 {
		return nil, fmt.Errorf("specimen: sheet of letters of %v", all.Rect.Size())
	}
	s := new(Sheet)
	for style := range all.Rect.Dy() / SheetHeight {
		for stroke := range strokes {
			var set [len(letters.Alphabet)]glyph
			for k := range set {
				set[k] = newGlyph(all.SubImage(image.Rect(k*SheetPitch, style*SheetHeight, (k+1)*SheetPitch, (style+1)*SheetHeight)).(*image.Gray), stroke)
			}
			s.glyphs = append(s.glyphs, set)
		}
	}
	return s, nil
}

// newGlyph makes a stroke thinner or thicker by drawing the line at another grey of a blurred letter.
func newGlyph(g *image.Gray, stroke int) glyph {
	c := FromImage(g)
	if stroke != strokes/2 {
		c.Blur(2.5, 2.5)
	}
	edge := []float32{60, 95, 0, 175, 210}[stroke]
	sums := make(glyph, (SheetPitch+1)*(SheetHeight+1))
	for y := range SheetHeight {
		row := float32(0)
		for x := range SheetPitch {
			ink := 1 - c.Grey[y*SheetPitch+x]/255
			if stroke != strokes/2 {
				ink = min(1, max(0, (edge-c.Grey[y*SheetPitch+x])/40+0.5))
			}
			row += ink
			sums[(y+1)*(SheetPitch+1)+x+1] = sums[y*(SheetPitch+1)+x+1] + row
		}
	}
	return sums
}

// mean is the ink of a rectangle, between 0 and 1.
func (g glyph) mean(x0, y0, x1, y1 float64) float32 {
	area := (x1 - x0) * (y1 - y0)
	if area <= 0 {
		return 0
	}
	return (g.sum(x1, y1) - g.sum(x0, y1) - g.sum(x1, y0) + g.sum(x0, y0)) / float32(area)
}

// sum interpolates.
func (g glyph) sum(x, y float64) float32 {
	x, y = min(max(x, 0), SheetPitch), min(max(y, 0), SheetHeight)
	left, top := min(int(x), SheetPitch-1), min(int(y), SheetHeight-1)
	fx, fy := float32(x-float64(left)), float32(y-float64(top))
	at := top*(SheetPitch+1) + left
	return (g[at]*(1-fx)+g[at+1]*fx)*(1-fy) + (g[at+SheetPitch+1]*(1-fx)+g[at+SheetPitch+2]*fx)*fy
}

// Styles is how many sets of letters there are: the styles of the font, each in all strokes.
func (s *Sheet) Styles() int { return len(s.glyphs) }

// DrawLine draws a line of letters. The first begins at x; all stand on baseline. Sizes are in pixels, ink is their grey, and density how
// black the print is, between 0 and 1.
func (s *Sheet) DrawLine(c *Canvas, style int, text string, x, baseline, pitch, stretch float64, ink, density float32) {
	scale := pitch / SheetPitch // of columns
	rise := scale * stretch     // of rows
	for i := range len(text) {
		k := indexLetter(text[i])
		if k < 0 {
			continue
		}
		g := s.glyphs[style][k]
		left, top := x+pitch*float64(i), baseline-SheetBaseline*rise
		for py := int(top); py <= int(top+SheetHeight*rise); py++ {
			for px := int(left); px <= int(left+pitch); px++ {
				u, v := (float64(px)-left)/scale, (float64(py)-top)/rise
				if share := g.mean(u, v, u+1/scale, v+1/rise); share > 0.004 {
					c.darken(px, py, ink, share*density)
				}
			}
		}
	}
}

func indexLetter(b byte) int {
	switch {
	case b >= 'A' && b <= 'Z':
		return int(b - 'A')
	case b >= '0' && b <= '9':
		return int(b-'0') + 26
	case b == '<':
		return 36
	}
	return -1
}
