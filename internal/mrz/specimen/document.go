package specimen

import (
	"image"
	"math"
	"math/rand/v2"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"docket/internal/mrz"
)

// A document in millimetres.
const (
	zonePitch = 2.54
	zoneHigh  = 23.2
)

// size is how large a document is.
func size(kind Kind) (width, height float64) {
	switch kind {
	case mrz.TD1:
		return 85.6, 54
	case mrz.TD2, mrz.MRVB, mrz.FRA:
		return 105, 74
	case mrz.MRVA:
		return 120, 80
	}
	return 125, 88
}

// Page is a drawn document: Zone are the corners of its machine-readable zone in pixels, from the upper left one clockwise.
type Page struct {
	*Canvas
	Lines []string
}

// drawPage draws a document of a kind with scale pixels to the millimetre.
func drawPage(random *rand.Rand, kind Kind, scale float64, worn Wear) Page {
	r := source{random}
	wide, high := size(kind)
	paper := float32(170 + r.IntN(85))
	p := Page{NewCanvas(int(wide*scale), int(high*scale), paper), NewText(random, kind)}
	p.drawLines(r, scale, paper)
	p.drawPortrait(r, scale, high)
	p.drawWords(r, scale, wide, high)
	if r.IntN(2) == 0 { // many documents keep the zone free of their pattern
		p.lighten(int((high-zoneHigh)*scale), paper+(255-paper)*0.5)
	}
	p.drawZone(r, scale, wide, high, worn)
	return p
}

// drawLines draws guilloches: many fine waves over all of the page.
func (p Page) drawLines(r source, scale float64, paper float32) {
	for range 1 + r.IntN(3) {
		count, swing, waves := 10+r.IntN(40), r.Float64()*2.5, 5+r.Float64()*40
		shade, thick := paper-float32(10+r.IntN(70)), max(1, scale*(0.05+0.15*r.Float64()))
		slope, phase := r.NormFloat64()*0.3, r.Float64()*math.Pi
		for k := range count {
			for x := range p.Width {
				y := (float64(k) + swing*math.Sin(float64(x)/float64(p.Width)*waves+phase*float64(k%3))) * float64(p.Height) / float64(count)
				y += slope * float64(x)
				for d := range int(thick + 0.5) {
					p.darken(x, int(y)+d, shade, 0.7)
				}
			}
		}
	}
}

func (p Page) drawPortrait(r source, scale, high float64) {
	left, top := int((4+4*r.Float64())*scale), int((8+4*r.Float64())*scale)
	right, bottom := left+int((22+10*r.Float64())*scale), min(int((high-zoneHigh-3)*scale), top+int(42*scale))
	dark, light := float32(40+r.IntN(80)), float32(100+r.IntN(100))
	for y := top; y < bottom; y++ {
		for x := left; x < right; x++ {
			u, v := float64(x-left)/float64(right-left)-0.5, float64(y-top)/float64(bottom-top)-0.5
			shade := light
			if u*u/0.06+(v+0.05)*(v+0.05)/0.12 < 1 {
				shade = dark
			}
			p.darken(x, y, shade, 1)
		}
	}
}

func (p Page) drawWords(r source, scale, wide, high float64) {
	for _, file := range [][]byte{goregular.TTF, gobold.TTF, gomono.TTF, goitalic.TTF} {
		millimetres := 1.8 + 2.2*r.Float64()
		face, err := openFace(file, millimetres*scale)
		if err != nil {
			continue
		}
		for range 1 + r.IntN(4) {
			x, y := (36+r.Float64()*(wide-60))*scale, (6+r.Float64()*(high-zoneHigh-9))*scale
			p.drawWord(face, int(x), int(y), r.word(capitals+capitals+"abcdefgh  0123456789", 4+r.IntN(22)), float32(r.IntN(90)))
		}
	}
}

func openFace(file []byte, pixels float64) (font.Face, error) {
	parsed, err := opentype.Parse(file)
	if err != nil {
		return nil, err
	}
	return opentype.NewFace(parsed, &opentype.FaceOptions{Size: pixels, DPI: 72, Hinting: font.HintingNone})
}

func (p Page) drawWord(face font.Face, x, y int, text string, ink float32) {
	high := face.Metrics().Height.Ceil()
	mask := image.NewGray(image.Rect(0, 0, font.MeasureString(face, text).Ceil(), 2*high))
	d := font.Drawer{Dst: mask, Src: image.White, Face: face, Dot: fixed.P(0, high)}
	d.DrawString(text)
	for my := range mask.Rect.Dy() {
		for mx := range mask.Rect.Dx() {
			if v := mask.Pix[my*mask.Stride+mx]; v > 0 {
				p.darken(x+mx, y+my-high, ink, float32(v)/255)
			}
		}
	}
}

func (p Page) lighten(from int, shade float32) {
	for i := max(0, from) * p.Width; i < len(p.Grey); i++ {
		p.Grey[i] += (shade - p.Grey[i]) * 0.8
	}
}

// meanShade is that of the rows from one on.
func (p Page) meanShade(from int) float32 {
	sum, rows := float32(0), p.Grey[max(0, from)*p.Width:]
	for _, v := range rows {
		sum += v / float32(len(rows))
	}
	return sum
}

// drawZone draws the zone into the lowest 23.2 mm.
func (p Page) drawZone(r source, scale, wide, high float64, worn Wear) {
	pitch := zonePitch * (0.97 + 0.06*r.Float64())
	n := float64(len(p.Lines[0]))
	left := (wide - n*pitch) * (0.3 + 0.4*r.Float64())
	if n*pitch > wide-3 { // a card with 36 letters is narrower than its zone would be
		pitch, left = (wide-4)/n, 2
	}
	spacing := 6.35 * (0.95 + 0.1*r.Float64())
	if len(p.Lines) == 3 {
		spacing *= 0.72 + 0.28*r.Float64()
	}
	last := high - 3 - 3*r.Float64()
	paper := p.meanShade(int((high - zoneHigh) * scale))
	style, ink, density := worn.style(r), worn.ink(r, paper), float32(0.75+0.25*r.Float64())
	worn.drawPattern(r, p, int((high-zoneHigh)*scale), paper-ink)
	hidden := -1
	if worn.Hidden > 0 {
		hidden = r.IntN(len(p.Lines))
	}
	for i, line := range p.Lines {
		baseline := last - spacing*float64(len(p.Lines)-1-i)
		worn.drawLine(r, p, style, line, left*scale, baseline*scale, pitch*scale, 0.95+0.1*r.Float64(), ink, density)
		worn.scratch(r, p, left*scale, baseline*scale, pitch*scale, len(line), paper)
		if i == hidden {
			worn.hide(r, p, left*scale, baseline*scale, pitch*scale, len(line))
		}
	}
}
