package specimen

import (
	"math"
)

// Wear is how far the print of a zone is from that of a new document on plain paper. Zero is not at all.
type Wear struct {
	Pattern float64 // darkness of a pattern printed below the zone, as a share of the letters' darkness
	Faint   float64 // how much of its darkness the print has lost
	Stroke  float64 // strokes that are thinner, down to −1, or bolder, up to 1
	Broken  float64 // share of the letters that a scratch goes through
	Uneven  float64 // deviation of a letter's place, as a share of the pitch
	Wide    float64 // how much wider letters are than their pitch would have them; they touch from about 0.2 on
	Hidden  float64 // letters of one line that a spot of light hides
}

// style is one whose strokes are as thick as the print is worn, or any.
func (w Wear) style(r source) int {
	style := r.IntN(Letters().Styles())
	if w.Stroke == 0 {
		return style
	}
	return style/strokes*strokes + min(max(int(math.Round((w.Stroke+1)/2*(strokes-1))), 0), strokes-1)
}

// ink is the grey of the print on paper.
func (w Wear) ink(r source, paper float32) float32 {
	ink := float32(r.IntN(70))
	return ink + (paper-ink)*float32(w.Faint)
}

// drawPattern draws fine waves in two directions below the zone.
func (w Wear) drawPattern(r source, p Page, from int, dark float32) {
	if w.Pattern == 0 {
		return
	}
	period := float64(p.Width) / (60 + 200*r.Float64())
	phase, swing, waves := r.Float64()*2*math.Pi, 1+3*r.Float64(), 2+8*r.Float64()
	angle := r.Float64() * math.Pi
	sin, cos := math.Sincos(angle)
	for y := max(0, from); y < p.Height; y++ {
		for x := range p.Width {
			bend := swing * math.Sin(float64(x)/float64(p.Width)*waves*2*math.Pi+phase)
			first := math.Cos(2*math.Pi*(float64(y)/period+bend) + phase)
			second := math.Cos(2 * math.Pi * ((float64(x)*cos+float64(y)*sin)/period/1.7 - bend))
			line := max(0, first)*max(0, first)*0.6 + max(0, second)*0.4
			p.Grey[y*p.Width+x] -= dark * float32(w.Pattern*line)
		}
	}
}

// drawLine draws a line of letters, one after the other.
func (w Wear) drawLine(r source, p Page, style int, line string, left, baseline, pitch, stretch float64, ink, density float32) {
	wide := 1 + w.Wide
	for i := range len(line) {
		x, y, dark := left+pitch*float64(i), baseline, density
		if w.Uneven > 0 {
			x, y, dark = x+r.NormFloat64()*w.Uneven*pitch, y+r.NormFloat64()*w.Uneven*pitch*0.6, dark*float32(1-2*w.Uneven*r.Float64())
		}
		Letters().DrawLine(p.Canvas, style, line[i:i+1], x-pitch*w.Wide/2, y, pitch*wide, stretch/wide, ink, dark)
	}
}

// scratch takes ink away along thin lines through some letters.
func (w Wear) scratch(r source, p Page, left, baseline, pitch float64, n int, paper float32) {
	for i := range n {
		if r.Float64() >= w.Broken {
			continue
		}
		x, y := left+pitch*(float64(i)+0.15+0.7*r.Float64()), baseline-pitch*r.Float64()
		sin, cos := math.Sincos(r.Float64() * math.Pi)
		thick, long := pitch*(0.05+0.08*r.Float64()), pitch*(0.4+0.8*r.Float64())
		p.lightenAround(x, y, long, 0.9, paper, func(dx, dy float64) bool { return math.Abs(dx*sin-dy*cos) < thick })
	}
}

// hide puts a spot of light onto some letters of a line.
func (w Wear) hide(r source, p Page, left, baseline, pitch float64, n int) {
	if w.Hidden == 0 {
		return
	}
	x, y, radius := left+pitch*float64(n)*r.Float64(), baseline-pitch/2, pitch*w.Hidden/2
	p.lightenAround(x, y, radius, 0.97, 255, func(dx, dy float64) bool { return true })
}

// lightenAround mixes a shade into the pixels of a circle for which inside is true.
func (p Page) lightenAround(x, y, radius, share float64, shade float32, inside func(dx, dy float64) bool) {
	for py := max(0, int(y-radius)); py <= min(p.Height-1, int(y+radius)); py++ {
		for px := max(0, int(x-radius)); px <= min(p.Width-1, int(x+radius)); px++ {
			if dx, dy := float64(px)-x, float64(py)-y; dx*dx+dy*dy < radius*radius && inside(dx, dy) {
				p.darken(px, py, shade, float32(share))
			}
		}
	}
}
