package main

import (
	"bytes"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"

	"docket/internal/mrz/letters"
	"docket/internal/mrz/specimen"
)

// example is a cell and which letter of the alphabet it shows.
type example struct {
	cell   letters.Cell
	letter int
}

// drawLine draws one line of print, as coarse as a camera would see it, straightens it as the reader does, and cuts it. A letter whose cell
// was cut beside it teaches nothing and is left out.
func drawLine(r *rand.Rand) []example {
	text := drawText(r)
	fine := r.Float64()
	if r.IntN(2) == 0 {
		fine *= fine
	}
	pitch := 4.3 + 21.5*fine
	stretch := math.Exp(r.NormFloat64() * 0.05)
	margin := pitch * (0.4 + 1.2*r.Float64())
	capitals := pitch * 1.02 * stretch
	tall := capitals * (1.7 + 0.8*r.Float64())
	width, height := int(pitch*float64(len(text))+2*margin), int(tall+8)
	paper := 120 + 135*r.Float64()
	ink, density := (paper-70)*r.Float64(), 0.6+0.4*r.Float64()
	contrast := (paper - ink) * density
	c := specimen.NewCanvas(width, height, float32(paper))
	disturbPaper(r, c, pitch, 0.4*contrast*r.Float64())
	tilt := r.NormFloat64() * 0.12 * capitals / float64(width)
	baseline := float64(height)/2 + capitals/2 + r.NormFloat64()*0.08*capitals
	style, uneven, wide := r.IntN(specimen.Letters().Styles()), 0.05*r.Float64(), min(max(math.Exp(r.NormFloat64()*0.08), 0.8), 1.3)
	for i := range len(text) {
		left := margin + pitch*float64(i)
		line := baseline + tilt*(left-float64(width)/2) + r.NormFloat64()*uneven*capitals
		size := wide * (1 + r.NormFloat64()*uneven/2)
		black := min(1, density*(1+r.NormFloat64()*uneven*4))
		left += pitch*(1-size)/2 + r.NormFloat64()*uneven*pitch
		specimen.Letters().DrawLine(c, style, text[i:i+1], left, line, pitch*size, stretch/wide, float32(ink), float32(black))
	}
	scratch(r, c, pitch, contrast)
	disturb(r, c, pitch, contrast)
	strip, scale := straighten(c, tall, r.NormFloat64()*0.06)
	cuts, _ := strip.Cut(len(text))
	if cuts == nil {
		return nil
	}
	shift, widen := r.NormFloat64()*0.04*pitch*scale, r.NormFloat64()*0.03*pitch*scale
	for k := range cuts {
		cuts[k] += shift + widen*(float64(k%2)*2-1)*0.5
	}
	return label(strip.Cells(cuts), cuts, text, margin*scale, pitch*scale)
}

// drawText is any letters, with fillers between them and at the end, as zones have them.
func drawText(r *rand.Rand) string {
	n := []int{44, 44, 36, 30}[r.IntN(4)]
	text := make([]byte, n)
	for i := range text {
		text[i] = letters.Alphabet[r.IntN(len(letters.Alphabet))]
		if r.IntN(12) == 0 {
			text[i] = '<'
		}
	}
	if r.IntN(3) == 0 {
		for i := n - 1 - r.IntN(n/3); i < n; i++ {
			text[i] = '<'
		}
	}
	return string(text)
}

// scratch draws a dark or bright line across some of the print: folds, hairs, stamps, lettering of the form.
func scratch(r *rand.Rand, c *specimen.Canvas, pitch, contrast float64) {
	if r.IntN(4) > 0 {
		return
	}
	x, y := r.Float64()*float64(c.Width), r.Float64()*float64(c.Height)
	sin, cos := math.Sincos(r.Float64() * math.Pi)
	thick, strong, long := pitch*(0.05+0.2*r.Float64()), contrast*(r.Float64()*1.2-0.5), pitch*(2+12*r.Float64())
	for py := range c.Height {
		for px := range c.Width {
			dx, dy := float64(px)-x, float64(py)-y
			if math.Abs(dx*cos+dy*sin) < thick && math.Abs(dy*cos-dx*sin) < long {
				c.Grey[py*c.Width+px] -= float32(strong)
			}
		}
	}
}

// disturbPaper puts a pattern below the print.
func disturbPaper(r *rand.Rand, c *specimen.Canvas, pitch, deep float64) {
	if r.IntN(3) == 0 {
		return
	}
	angle, period := r.Float64()*math.Pi, pitch*(0.15+1.5*r.Float64())
	sin, cos := math.Sincos(angle)
	bend, sharp := r.NormFloat64(), 1+2*r.Float64()
	for y := range c.Height {
		for x := range c.Width {
			phase := (float64(x)*cos+float64(y)*sin)/period + bend*math.Sin(float64(x)/pitch/3)
			c.Grey[y*c.Width+x] -= float32(deep * math.Pow(0.5+0.5*math.Sin(2*math.Pi*phase), sharp))
		}
	}
}

// disturb is light, lens, sensor and JPEG.
func disturb(r *rand.Rand, c *specimen.Canvas, pitch, contrast float64) {
	slope, glare, at, far := r.NormFloat64()*0.15, r.Float64()*r.Float64(), r.Float64()*float64(c.Width), pitch*(2+6*r.Float64())
	if r.IntN(3) > 0 {
		glare = 0
	}
	for y := range c.Height {
		for x := range c.Width {
			p := &c.Grey[y*c.Width+x]
			*p *= float32(1 + slope*(float64(x)/float64(c.Width)-0.5))
			d := (float64(x) - at) / far
			*p += (255 - *p) * float32(glare*math.Exp(-d*d))
		}
	}
	blur := pitch * 0.15 * r.Float64() * r.Float64()
	c.Blur(blur*(1+r.Float64()*0.6), blur)
	if r.IntN(5) == 0 {
		drawMoire(r, c, 0.5*contrast*r.Float64())
	}
	c.AddNoise(r, contrast*0.2*r.Float64()*r.Float64())
	if r.IntN(6) == 0 {
		sharpen(r, c, contrast)
	}
	if r.IntN(2) == 0 {
		compress(c, 30+r.IntN(60))
	}
}

// drawMoire lays stripes over the line that are nearly as fine as its pixels.
func drawMoire(r *rand.Rand, c *specimen.Canvas, deep float64) {
	sin, cos := math.Sincos(r.Float64() * math.Pi)
	period := 2.1 + 3*r.Float64()
	for y := range c.Height {
		for x := range c.Width {
			c.Grey[y*c.Width+x] -= float32(deep * (0.5 + 0.5*math.Sin(2*math.Pi*(float64(x)*cos+float64(y)*sin)/period)))
		}
	}
}

// sharpen makes what is light white and what is dark black, as scanners and copiers do.
func sharpen(r *rand.Rand, c *specimen.Canvas, contrast float64) {
	mean := float32(0)
	for _, v := range c.Grey {
		mean += v / float32(len(c.Grey))
	}
	edge, steep := mean-float32(contrast*(0.1+0.35*r.Float64())), float32(1.5+3*r.Float64())
	for i, v := range c.Grey {
		c.Grey[i] = min(max(128+(v-edge)*steep*128/float32(contrast), 0), 255)
	}
}

func compress(c *specimen.Canvas, quality int) {
	var file bytes.Buffer
	if jpeg.Encode(&file, c.Image(), &jpeg.Options{Quality: quality}) != nil {
		return
	}
	if img, err := jpeg.Decode(&file); err == nil {
		*c = *specimen.FromImage(img.(*image.Gray))
	}
}

// straighten scales a line to the height of a strip, whose middle is that of the picture, and leans it. Scale is how many columns a pixel becomes.
func straighten(c *specimen.Canvas, tall, lean float64) (s letters.Strip, scale float64) {
	step := tall / letters.Height
	scale = letters.Aspect / step
	s.Width = int(float64(c.Width) * scale)
	s.Ink = make([]float32, s.Width*letters.Height)
	for y := range letters.Height {
		below := (float64(y) + 0.5 - letters.Height/2) * step
		for x := range s.Width {
			s.Ink[y*s.Width+x] = 255 - c.At((float64(x)+0.5)/scale+lean*below, float64(c.Height)/2+below)
		}
	}
	return s, scale
}

// label names the letters that the cells show.
func label(cells []letters.Cell, cuts letters.Cuts, text string, margin, pitch float64) []example {
	examples := make([]example, 0, len(cells))
	for k := range cells {
		middle := (cuts[k]+cuts[k+1])/2 - margin
		i := int(math.Floor(middle / pitch))
		if i < 0 || i >= len(text) || math.Abs(middle/pitch-float64(i)-0.5) > 0.25 {
			continue
		}
		for letter := range len(letters.Alphabet) {
			if letters.Alphabet[letter] == text[i] {
				examples = append(examples, example{cells[k], letter})
			}
		}
	}
	return examples
}
