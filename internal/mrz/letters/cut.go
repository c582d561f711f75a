package letters

import (
	"math"
	"slices"
)

const (
	// inkLimit is the share of the blackest column from which on a column belongs to a letter.
	inkLimit = 0.18

	// leastPitch is the fewest columns that a letter may have.
	leastPitch = 4

	// uneven weighs how far a letter is from the even pitch against the ink that a cut goes through.
	uneven = 6

	// missed weighs ink outside of the line, by letters, against the ink that a cut goes through.
	missed = 3.2
)

// Cuts are the borders of letters in columns, one more than there are letters.
type Cuts []float64

// Cut finds the borders of n letters at an even pitch. Cost says how badly they fit, for comparison with another n. It returns nil when the
// strip is too short for n letters.
func (s Strip) Cut(n int) (cuts Cuts, cost float64) {
	if s.Width < n*leastPitch {
		return nil, math.Inf(1)
	}
	ink := s.columnInk()
	first := slices.IndexFunc(ink, func(v float64) bool { return v >= inkLimit })
	last := len(ink) - 1
	for last > first && ink[last] < inkLimit {
		last--
	}
	pitch := float64(last-first) / (float64(n) - 0.35)
	if first < 0 || pitch < leastPitch*0.75 {
		return nil, math.Inf(1)
	}
	pitches := make([]float64, n)
	for k := range pitches {
		pitches[k] = pitch
	}
	path, _ := cheapestCuts(ink, pitches)
	if path == nil {
		return nil, math.Inf(1)
	}
	// Seen at an angle, letters are wider at one end: the second time their width may change along the line.
	fit := fitPath(path)
	for k := range pitches {
		pitches[k] = min(max(fit.at(float64(k+1))-fit.at(float64(k)), 0.6*pitch), 1.6*pitch)
	}
	path, cost = cheapestCuts(ink, pitches)
	if path == nil {
		return nil, math.Inf(1)
	}
	return smoothCuts(path), cost
}

// cheapestCuts is the path with the least cost of steps of about as many columns as pitches says.
func cheapestCuts(ink, pitches []float64) ([]int, float64) {
	n, width, before := len(pitches), len(ink), sumInk(ink)
	cost, next := make([]float64, width), make([]float64, width)
	for x := range cost {
		cost[x] = ink[x] + missed*before[x]/pitches[0]
	}
	from := make([]int16, n*width)
	var steps []float64
	for k, pitch := range pitches {
		least, most := max(1, int(pitch*0.80)), int(math.Ceil(pitch*1.22))
		steps = steps[:0]
		for d := most; d >= least; d-- {
			share := (float64(d) - pitch) / pitch
			steps = append(steps, uneven*share*share)
		}
		back := from[k*width:][:width]
		for x := range next {
			best, by := math.Inf(1), 0
			if x >= least {
				last := min(most, x)
				from, steps := cost[x-last:x-least+1], steps[most-last:]
				for i, c := range from {
					if c += steps[i]; c <= best { // of two as cheap the shorter step
						best, by = c, last-i
					}
				}
			}
			next[x], back[x] = best+ink[x], int16(by)
		}
		cost, next = next, cost
	}
	end, total := -1, math.Inf(1)
	for x, c := range cost {
		if c += missed * (before[width] - before[x]) / pitches[n-1]; c < total {
			end, total = x, c
		}
	}
	if end < 0 {
		return nil, total
	}
	path := make([]int, n+1)
	for k := n; k >= 0; k-- {
		path[k] = end
		if k > 0 {
			end -= int(from[(k-1)*width+end])
		}
	}
	return path, total / float64(n)
}

// sumInk is the ink left of each column.
func sumInk(ink []float64) []float64 {
	sums := make([]float64, len(ink)+1)
	for x, v := range ink {
		sums[x+1] = sums[x] + v
	}
	return sums
}

// smoothCuts moves the cuts half of the way to a parabola through all of them: print has an even pitch, which a photo taken at an angle
// makes wider from one end to the other.
func smoothCuts(path []int) Cuts {
	fit := fitPath(path)
	cuts := make(Cuts, len(path))
	for k, x := range path {
		cuts[k] = (float64(x) + 0.5 + fit.at(float64(k)) + 0.5) / 2
	}
	slices.Sort(cuts)
	return cuts
}

func fitPath(path []int) parabola {
	points := make([]float64, len(path))
	for k, x := range path {
		points[k] = float64(x)
	}
	return fitParabola(points, nil)
}
