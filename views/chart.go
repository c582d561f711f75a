package views

import (
	"math"
	"strconv"
	"time"
)

// columnChart is columns side by side, such as one for each day. It is drawn on the server, in percent of its width and in pixels
// of its height, so that its text has one size on every screen.
type columnChart struct {
	Label   string // what a person reads who does not see it
	Columns []column
	Max     float64    // the value at the top
	Grid    []gridLine // from the bottom up
}

// column is one place on the axis: marks in one or more lanes beside each other.
type column struct {
	Label string // on the axis; empty: none
	Title string // of what it shows, for a pointer that rests on it
	Marks []mark
}

// mark is a bar from a value to another in a lane of its column.
type mark struct {
	Series   string // the stylesheet has its colour
	Lane     int    // from 0
	Lanes    int    // of how many
	From, To float64
}

// gridLine is a line across the chart at a value.
type gridLine struct {
	Value float64
	Name  string
	Kind  string // empty: one of the scale; else what it is, such as late
}

// What a chart is made of, in pixels.
const (
	chartHeight = 184
	chartTop    = 16  // above the highest value
	chartBottom = 160 // where a value is 0; the labels are below
	labelHeight = 14
)

func (c columnChart) y(value float64) float64 {
	if c.Max <= 0 {
		return chartBottom
	}
	return chartBottom - (chartBottom-chartTop)*value/c.Max
}

// minor reports whether a label is left out where the chart is narrow: every second one.
func (c columnChart) minor(i int) bool {
	labels := 0
	for _, col := range c.Columns[:i] {
		if col.Label != "" {
			labels++
		}
	}
	return labels%2 == 1
}

// svgPercent is a share as an attribute of SVG.
func svgPercent(share float64) string { return strconv.FormatFloat(100*share, 'f', 2, 64) + "%" }

func svgPixels(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

// scaleShare is the part of the width that the names of the grid lines have for themselves.
const scaleShare = 0.07

// width is how wide a column is, as a share of the width.
func (c columnChart) width() float64 { return (1 - scaleShare) / float64(max(1, len(c.Columns))) }

// begin is where a column begins, as a share of the width.
func (c columnChart) begin(i int) float64 { return scaleShare + float64(i)*c.width() }

// leastMark is how high a mark with a value is at least, in pixels: one second beside a day is seen.
const leastMark = 3

// markBox is the attributes of a mark in a column.
func (c columnChart) markBox(i int, m mark) (x, y, width, height string) {
	const gap = 0.14 // of a column, on each side
	lane := (1 - 2*gap) * c.width() / float64(max(1, m.Lanes))
	top, bottom := c.y(m.To), c.y(m.From)
	if m.To > m.From {
		top = min(top, bottom-leastMark)
	}
	return svgPercent(c.begin(i) + gap*c.width() + lane*float64(m.Lane)), svgPixels(top), svgPercent(lane * 0.94), svgPixels(bottom - top)
}

// niceStep is a round number of which not more than lines fit below a value.
func niceStep(highest float64, lines int) float64 {
	for scale := 1.0; ; scale *= 10 {
		for _, step := range []float64{1, 2, 5} {
			if highest <= step*scale*float64(lines) {
				return step * scale
			}
		}
	}
}

// timeSteps are the distances of grid lines of lengths of time.
var timeSteps = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 24 * time.Hour, 48 * time.Hour,
	7 * 24 * time.Hour, 30 * 24 * time.Hour,
}

const gridLines = 3

// scaleCounts gives a chart a scale of whole numbers up to the highest.
func (c *columnChart) scaleCounts(site Site, highest int64) {
	step := niceStep(max(float64(highest), 1), gridLines)
	c.Max = step * math.Ceil(max(float64(highest), 1)/step)
	for v := step; v <= c.Max; v += step {
		c.Grid = append(c.Grid, gridLine{Value: v, Name: site.words().Number(int(v))})
	}
}

// scaleTimes gives a chart a scale of lengths of time, in seconds, up to the highest.
func (c *columnChart) scaleTimes(site Site, highest time.Duration) {
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if highest <= s*gridLines {
			step = s
			break
		}
	}
	c.Max = step.Seconds() * max(1, math.Ceil(highest.Seconds()/step.Seconds()))
	for v := step; v.Seconds() <= c.Max; v += step {
		c.Grid = append(c.Grid, gridLine{Value: v.Seconds(), Name: site.words().Span(v)})
	}
}

// addLine adds a line. Its name replaces those that it would cover.
func (c *columnChart) addLine(line gridLine) {
	for i, other := range c.Grid {
		if line.Name != "" && math.Abs(c.y(other.Value)-c.y(line.Value)) < labelHeight {
			c.Grid[i].Name = ""
		}
	}
	c.Grid = append(c.Grid, line)
}

// labelEvery is for how many columns there is one label, so that not more than a few stand below a chart.
func labelEvery(columns int) int { return max(1, (columns+6)/7) }

// barRow is one row of a table with bars.
type barRow struct {
	Name string

	Value  int64
	Before int64
}

// barTable is a table whose rows have bars; its columns beside the value are optional.
type barTable struct {
	Label, Name, Count string // of the table, of the names, of the values
	Rows               []barRow
	Shares             bool // show which part of the sum a value is
	Compare            bool // show the values before
	Series             string
}

func (b barTable) highest() (highest int64) {
	for _, row := range b.Rows {
		highest = max(highest, row.Value)
	}
	return highest
}

func (b barTable) sum() (sum int64) {
	for _, row := range b.Rows {
		sum += row.Value
	}
	return sum
}

// barWidth is how long the bar of a row is.
func (b barTable) barWidth(row barRow) string {
	return svgPercent(float64(row.Value) / float64(max(1, b.highest())))
}

// shareText is a part of a sum in percent, as the language writes it; a dash where there is nothing to be a part of.
func shareText(site Site, part, sum int64) string {
	if sum == 0 {
		return "–"
	}
	return site.T("numbers.percent", "Number", site.words().Decimal(100*float64(part)/float64(sum), 0))
}

// numberText is a whole number as the language writes it.
func numberText(site Site, n int64) string { return site.words().Number(int(n)) }

// lengthOf is a length of time, to two or three digits; a dash for none.
func lengthOf(site Site, d time.Duration) string {
	if d <= 0 {
		return "–"
	}
	return site.words().Length(d)
}
