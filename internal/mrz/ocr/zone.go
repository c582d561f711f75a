package ocr

import (
	"image"
	"math"
	"strings"

	"docket/internal/mrz"
	"docket/internal/mrz/letters"
)

// frame is how a plane was made of a picture.
type frame struct {
	bounds image.Rectangle
	factor int
	turned bool // a quarter clockwise
}

// original returns where a point of the plane is in the picture.
func (f frame) original(x, y float64) image.Point {
	if f.turned {
		x, y = y, float64(f.bounds.Dy()/f.factor)-x
	}
	at := image.Pt(int(math.Round(x*float64(f.factor))), int(math.Round(y*float64(f.factor)))).Add(f.bounds.Min)
	return image.Pt(min(max(at.X, f.bounds.Min.X), f.bounds.Max.X), min(max(at.Y, f.bounds.Min.Y), f.bounds.Max.Y))
}

// leastConfidence is from where on a letter is sure that no check digit guards, and leastGuarded one that a check digit guards, which holds by
// chance one time in ten.
const (
	leastConfidence = 0.9
	leastGuarded    = 0.3
)

// Sure reports whether this is what is printed, but for a letter that was mended.
func (f Field) Sure() bool {
	switch f.State {
	case Checked:
		return !f.Doubted && f.Confidence >= leastGuarded
	case Mended:
		return !f.Doubted
	case Unchecked:
		return !f.Doubted && f.Confidence >= leastConfidence
	}
	return false
}

func newZone(c candidate, f frame) Zone {
	z := Zone{Lines: c.lines(), Confidence: c.sure}
	z.MRZ = mrz.ReadLines(c.size, z.Lines)
	z.Rotation = 0
	if f.turned {
		z.Rotation = 90
	}
	if c.flipped {
		z.Rotation = (z.Rotation + 180) % 360
	}
	z.Sure = c.held == c.digits && c.mendedDigits == 0
	doubts := c.findDoubts()
	for _, p := range mrz.Places(c.size) {
		doubted := doubts[p.Line] || c.isDoubted(p)
		for _, field := range c.fields(p, f) {
			field.Doubted = doubted
			z.Sure = z.Sure && !field.Mended && field.Sure()
			z.Fields = append(z.Fields, field)
		}
	}
	lines, width := c.size.Shape()
	first, last := c.quad(f, 0, 0, width), c.quad(f, lines-1, 0, width)
	z.Place = Quad{first[0], first[1], last[2], last[3]}
	return z
}

// fields are the field of a place, or the two that a name is made of.
func (c candidate) fields(p mrz.Place, f frame) []Field {
	if p.Field != mrz.Name {
		field := c.field(p.Field, p.Line, p.From, p.To, f)
		field.State = c.states[p.Field]
		if digit := p.Digit; digit >= 0 {
			field.Mended = field.Mended || c.mended[p.Line][digit]
			field.Confidence = min(field.Confidence, c.confidence(p.Line, digit))
		}
		return []Field{field}
	}
	return c.names(p, f)
}

// names are the surname and the given names. What is between them belongs to both.
func (c candidate) names(p mrz.Place, f frame) []Field {
	text := string(c.text[p.Line][p.From:p.To])
	end := strings.Index(text, "<<")
	if end < 0 {
		end = len(text)
	}
	given := min(end+2, len(text))
	last := max(given, len(strings.TrimRight(text, "<")))
	names := []Field{c.field(mrz.Surname, p.Line, p.From, p.From+end, f), c.field(mrz.Given, p.Line, p.From+given, p.From+last, f)}
	for i := range names {
		names[i].State = Unchecked
	}
	for column := end; column < given; column++ {
		for i := range names {
			names[i].Confidence = min(names[i].Confidence, c.confidence(p.Line, p.From+column))
		}
	}
	if end == len(text) || given == last { // or the surname goes on where given names were not told apart
		names[1].Confidence = min(names[1].Confidence, names[0].Confidence)
	}
	return names
}

func (c candidate) field(name mrz.Field, line, from, to int, f frame) Field {
	field := Field{Name: name, Text: string(c.text[line][from:to]), Confidence: 1, Place: c.quad(f, line, from, to)}
	for column := from; column < to; column++ {
		field.Mended = field.Mended || c.mended[line][column]
		field.Confidence = min(field.Confidence, c.confidence(line, column))
	}
	return field
}

// mostInShadow bounds the confidence in letters of a line that the edge of a shadow crosses, which may hide a stroke: alone they are never sure.
const mostInShadow = 0.5

// confidence is how likely the letter is that stands in a column.
func (c candidate) confidence(line, column int) float64 {
	likely := math.Exp(float64(c.odds[line][column][letters.Index(c.text[line][column])]))
	if c.strips[c.strip(line)].shaded {
		return min(likely, mostInShadow)
	}
	return likely
}

// quad is where some columns of a line are in the picture.
func (c candidate) quad(f frame, line, from, to int) Quad {
	n := len(c.text[line])
	line = c.strip(line)
	if c.flipped {
		from, to = n-to, n-from
	}
	strip, cuts := &c.strips[line], c.cuts[line]
	middle, height := strip.Rows(cuts)
	corner := func(column int, side float64) image.Point {
		k := min(max(float64(column)-0.5, 0), float64(n-1))
		return f.original(strip.point(cuts[column], middle(k)+side*height*0.6))
	}
	q := Quad{corner(from, -1), corner(to, -1), corner(to, 1), corner(from, 1)}
	if c.flipped {
		q = Quad{q[2], q[3], q[0], q[1]}
	}
	return q
}
