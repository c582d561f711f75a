package ocr

import (
	"math"
	"slices"
)

// group is two or three lines of print that may be a zone, from the upper one down.
type group struct {
	lines []band
	score float64
}

// mostGroups bounds how many groups are read at one go.
const mostGroups = 10

// groupLines finds lines that are parallel, as long, as thick, and as far from each other as those of a zone. The most likely come first.
func groupLines(lines []band, width int) []group {
	middle := func(b *band) float64 {
		start, slope := b.line()
		return start + slope*float64(width)/2
	}
	slices.SortFunc(lines, func(a, b band) int { return int(math.Copysign(1, middle(&a)-middle(&b))) })
	var groups []group
	for i := range lines {
		for k := i + 1; k < len(lines); k++ {
			score, ok := matchLines(&lines[i], &lines[k])
			if !ok {
				continue
			}
			groups = append(groups, group{[]band{lines[i], lines[k]}, score})
			gap := distance(&lines[i], &lines[k])
			for m := k + 1; m < len(lines); m++ {
				third, ok := matchLines(&lines[k], &lines[m])
				if ratio := distance(&lines[k], &lines[m]) / gap; ok && ratio > 0.7 && ratio < 1.4 {
					groups = append(groups, group{[]band{lines[i], lines[k], lines[m]}, (score + third) * 0.6})
				}
			}
		}
	}
	slices.SortStableFunc(groups, func(a, b group) int { return int(math.Copysign(1, b.score-a.score)) })
	return groups[:min(len(groups), mostGroups)]
}

// matchLines tells whether two lines may belong to one zone, and how well they fit: the longer, the better.
func matchLines(a, b *band) (score float64, ok bool) {
	_, slope := a.line()
	_, other := b.line()
	thick := max(a.thickness(), b.thickness())
	gap := distance(a, b) / thick
	overlap := float64(min(a.x1, b.x1) - max(a.x0, b.x0))
	shorter, longer := min(a.length(), b.length()), max(a.length(), b.length())
	if math.Abs(slope-other) > 0.1 || gap < 1.1 || gap > 5 || overlap < 0.6*shorter || shorter < 0.45*longer || min(a.thickness(), b.thickness()) < 0.4*thick {
		return 0, false
	}
	return longer * (overlap / longer) * (1 - 4*math.Abs(slope-other)), true
}

// distance is how far b is below a.
func distance(a, b *band) float64 {
	start, slope := a.line()
	other, otherSlope := b.line()
	x := (max(float64(a.x0), float64(b.x0)) + min(float64(a.x1), float64(b.x1))) / 2
	return (other + otherSlope*x - start - slope*x) / math.Sqrt(1+slope*slope)
}
