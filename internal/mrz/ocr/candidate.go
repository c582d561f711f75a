package ocr

import (
	"context"
	"math"
	"slices"

	"docket/internal/mrz/letters"
)

// reading is a group of lines read as zones of so many letters a line.
type reading struct {
	strips  []straight
	cuts    []letters.Cuts
	flipped bool    // the zone was upside down: its last line, from its end, is the first strip
	sure    float64 // the mean of the likeliest letters' probabilities
	least   float64 // the same of the line that has the least
}

// readGroup reads all lines of a group, cut into width letters each. It returns false when they cannot be so many.
func (f *finder) readGroup(rows []row, width int) (got reading, odds [][]letters.Odds, ok bool) {
	cells := make([][]letters.Cell, len(rows))
	for i, r := range rows {
		capital := r.length() / float64(width) * letters.Rise
		if r.thick < 0.45*capital || r.thick > 2*capital {
			return got, nil, false
		}
		s := f.straighten(r, capital)
		cuts, _ := s.Cut(width)
		if cuts == nil {
			return got, nil, false
		}
		got.strips, got.cuts = append(got.strips, s), append(got.cuts, cuts)
		cells[i] = s.Cells(cuts)
	}
	odds, sure := rateLines(cells)
	got.sure = mean(sure)
	if got.sure <= 0.8 {
		turned := turnLines(cells)
		if again, other := rateLines(turned); mean(other) > got.sure {
			cells, odds, sure, got.flipped = turned, again, other, true
		}
	}
	if mean(sure) > leastSure/2 {
		got.shareCuts(odds, sure)
	}
	got.sure, got.least = mean(sure), slices.Min(sure)
	return got, odds, true
}

// turnLines turns the lines of a zone upside down.
func turnLines(cells [][]letters.Cell) [][]letters.Cell {
	turned := make([][]letters.Cell, len(cells))
	for i := range cells {
		line := slices.Clone(cells[i])
		slices.Reverse(line)
		for k := range line {
			line[k].Rotate()
		}
		turned[len(cells)-1-i] = line
	}
	return turned
}

// rateLines also returns the mean of the likeliest letters' probabilities of each line.
func rateLines(cells [][]letters.Cell) (odds [][]letters.Odds, sure []float64) {
	net := letters.Trained()
	odds, sure = make([][]letters.Odds, len(cells)), make([]float64, len(cells))
	for i := range cells {
		odds[i] = make([]letters.Odds, len(cells[i]))
		for k := range cells[i] {
			odds[i][k] = net.Rate(&cells[i][k])
			sure[i] += math.Exp(float64(slices.Max(odds[i][k][:]))) / float64(len(cells[i]))
		}
	}
	return odds, sure
}

func mean(values []float64) (sum float64) {
	for _, v := range values {
		sum += v / float64(len(values))
	}
	return sum
}

// strip is that of a line of the zone.
func (g *reading) strip(line int) int {
	if g.flipped {
		return len(g.strips) - 1 - line
	}
	return line
}

// doubtful is a line of which less is sure than of the best line of its zone, by so much.
const doubtful = 0.06

// shareCuts reads doubtful lines once more, cut where the best line is cut: letters of a zone stand one below the other. It keeps what is surer.
func (g *reading) shareCuts(odds [][]letters.Odds, sure []float64) {
	from := 0
	for i := range sure {
		if sure[i] > sure[from] {
			from = i
		}
	}
	for i := range sure {
		if sure[i] > sure[from]-doubtful {
			continue
		}
		to := g.strip(i)
		cuts := g.cuts[g.strip(from)]
		if last := cuts[len(cuts)-1]; last > float64(g.strips[to].Width) {
			continue
		}
		cells := [][]letters.Cell{g.strips[to].Cells(cuts)}
		if g.flipped {
			cells = turnLines(cells)
		}
		if again, other := rateLines(cells); other[0] > sure[i] {
			odds[i], sure[i], g.cuts[to] = again[0], other[0], cuts
		}
	}
}

// leastSure is the mean probability below which a reading is not of print.
const leastSure = 0.45

// mostReadings bounds how many readings are tried of one picture on each of its sides: each takes some milliseconds.
const mostReadings = 20

// surelyCut is the mean probability of each line from which on the lines are print that was cut right, so that they are not read as another zone.
const surelyCut = 0.9

// readGroups decodes all groups in all layouts that they can have. It stops at the first whose check digits all hold.
func (f *finder) readGroups(ctx context.Context, groups []group, scale float64) (best candidate, err error) {
	var known []band // lines that were surely cut
	for _, g := range groups {
		if slices.ContainsFunc(g.lines, func(b band) bool { return slices.Contains(known, b) }) {
			continue
		}
		rows := g.rows(scale)
		for _, width := range widths(len(rows)) {
			if ctx.Err() != nil {
				return best, context.Cause(ctx)
			}
			got, odds, ok := f.readGroup(rows, width)
			if !ok {
				continue
			}
			if f.readings++; f.readings > mostReadings {
				return best, nil
			}
			f.surest = max(f.surest, got.sure)
			if got.sure < leastSure {
				continue
			}
			found := candidate{got, decode(odds)}
			if found.betterThan(best) {
				best = found
			}
			if best.complete() {
				return best, nil
			}
			if got.least > surelyCut {
				known = append(known, g.lines...)
				break
			}
		}
	}
	return best, nil
}

// widths are how many letters each of so many lines may have.
func widths(lines int) []int {
	if lines == 3 {
		return []int{30}
	}
	return []int{44, 36}
}

// candidate is a zone as it was decoded.
type candidate struct {
	reading
	decoded
}

// complete tells whether nothing better can be found.
func (c candidate) complete() bool {
	return c.held == c.digits && c.mendedDigits == 0 && c.mends <= 2 && c.digits > 0 && c.sure > 0.85
}

func (c candidate) betterThan(other candidate) bool { return c.score() > other.score() }

// sameText tells whether both have the same letters.
func (c candidate) sameText(other candidate) bool {
	return slices.EqualFunc(c.text, other.text, slices.Equal[[]byte])
}

// score weighs check digits, which print by chance holds one time in ten, and the letters' probabilities.
func (c candidate) score() float64 {
	if c.digits == 0 {
		return 0
	}
	return float64(c.held)/float64(c.digits) - 0.05*float64(min(c.mends, 10)) + 2*c.sure
}

// plausible tells whether this is a zone at all.
func (c candidate) plausible() bool {
	clean := c.held - c.mendedDigits
	return clean >= 3 && c.sure > 0.58 || clean >= 2 && c.sure > 0.68 || clean >= 1 && c.sure > 0.78 || c.sure > 0.93
}
