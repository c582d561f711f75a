package ocr

import (
	"context"
	"image"
	"math"
	"slices"
	"strings"

	"docket/internal/mrz"
	"docket/internal/mrz/letters"
)

// Line is one line of a zone that was read alone.
type Line struct {
	Text       string
	Size       mrz.Size // the likeliest layout
	Number     int      // which line of it, from 0 on
	Confidence float64  // the mean over all letters
}

// leastHeight is the least height of a picture of one line.
const leastHeight = 8

// leastLine is the mean probability of the likeliest letters below which a stripe is not a line of print.
const leastLine = 0.58

// ReadLine reads a picture of one line of a zone with little around it, such as another program cuts out. It returns ErrNoZone when there is no such
// line, and the context's error when the context ends first.
func ReadLine(ctx context.Context, img image.Image) (Line, error) {
	if size := img.Bounds().Size(); size.Y < leastHeight || size.X < size.Y {
		return Line{}, ErrNoZone
	}
	p, _, err := newPlane(ctx, img, longestSide)
	if err != nil {
		return Line{}, err
	}
	f := newFinder(p.pad(p.h), false)
	var best Line
	score := math.Inf(-1)
	for _, r := range f.findRows() {
		for _, width := range []int{44, 36, 30} {
			if ctx.Err() != nil {
				return Line{}, context.Cause(ctx)
			}
			got, odds, ok := f.readGroup([]row{r}, width)
			if !ok || got.sure < leastLine {
				continue
			}
			line, fit := decodeLine(odds[0])
			line.Confidence = got.sure
			if fit = 2*got.sure + fit; fit > score {
				best, score = line, fit
			}
		}
	}
	if best.Text == "" {
		return Line{}, ErrNoZone
	}
	return best, nil
}

// pad adds a border as light as the paper, which one pixel in five is lighter than.
func (p plane) pad(border int) plane {
	paper := p.darkest(200)
	padded := plane{p.w + 2*border, p.h + 2*border, nil}
	padded.pix = slices.Repeat([]uint8{paper}, padded.w*padded.h)
	for y := range p.h {
		copy(padded.pix[(y+border)*padded.w+border:], p.pix[y*p.w:][:p.w])
	}
	return padded
}

// findRows finds the longest stripe of ink in each of some ways to look.
func (f *finder) findRows() (rows []row) {
	for _, permille := range []int{200, 100} {
		width := min(f.w, looks[0].width)
		ink := f.resize(width).smooth()
		ink.findInk(max(2, width/90)).selectInk(permille, ink)
		ink.removeLong(width / 9)
		ink.joinLetters(max(6, 2*(width/55)))
		lines := selectLines(ink.findBands(), width)
		if len(lines) == 0 {
			continue
		}
		longest := slices.MaxFunc(lines, func(a, b band) int { return int(a.length() - b.length()) })
		rows = append(rows, group{lines: []band{longest}}.rows(float64(f.w)/float64(width))...)
	}
	return rows
}

// digitWeight is what a check digit that holds is worth in the choice between layouts: as much as a letter that is not of one.
const digitWeight = 0.1

// emptyFields is how many fields of a line have a digit that holds since there is nothing in them.
func (d *decoded) emptyFields(line int) (n int) {
	for _, p := range mrz.Places(d.size) {
		if p.Line == line && p.Digit >= 0 && d.states[p.Field] == Checked && strings.Trim(string(d.text[line][p.From:p.To]), "<") == "" {
			n++
		}
	}
	return n
}

// decodeLine reads a line as each one that it may be, and returns the likeliest, with how likely it is: the mean over its letters, and its check digits.
func decodeLine(line []letters.Odds) (best Line, fit float64) {
	fit = math.Inf(-1)
	for _, size := range []mrz.Size{mrz.TD3, mrz.MRVA, mrz.TD2, mrz.MRVB, mrz.FRA, mrz.TD1} {
		lines, width := size.Shape()
		if width != len(line) {
			continue
		}
		for number := range lines {
			odds := make([][]letters.Odds, lines)
			for i := range odds {
				odds[i] = make([]letters.Odds, width) // as likely as any other
			}
			copy(odds[number], line)
			d := decodeAs(size, odds)
			c := candidate{decoded: d}
			likely := digitWeight * float64(c.countStates(number, Checked)-c.countStates(number, Wrong)-d.emptyFields(number))
			for column, letter := range d.text[number] {
				likely += max(float64(line[column][letters.Index(letter)]), -farthest) / float64(width)
			}
			if likely > fit {
				best, fit = Line{Text: string(d.text[number]), Size: size, Number: number}, likely
			}
		}
	}
	return best, fit
}
