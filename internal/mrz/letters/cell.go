package letters

import (
	"math"
	"slices"
)

// A cell is what the network sees of one letter.
const (
	cellWidth  = 16
	cellHeight = 24
	inputs     = cellWidth * cellHeight
)

// Cell is a letter with the half of its neighbours' gaps, as ink with mean 0 and variance 1.
type Cell [inputs]float32

// Rotate turns the letter upside down.
func (c *Cell) Rotate() { slices.Reverse(c[:]) }

// frame is how high a cell is, as a share of the capitals.
const frame = 1.25

// Cells samples the letters between cuts.
func (s Strip) Cells(cuts Cuts) []Cell {
	cells := make([]Cell, len(cuts)-1)
	middles, height := s.measureRows(cuts)
	pitch := (cuts[len(cells)] - cuts[0]) / float64(len(cells))
	for k := range cells {
		cell := &cells[k]
		left, right, middle := cuts[k], cuts[k+1], middles.at(float64(k))
		from, to := max(0, k-around), min(len(cells), k+around+1)
		high := height * (cuts[to] - cuts[from]) / float64(to-from) / pitch // letters that are wider are higher
		for row := range cellHeight {
			y := middle + ((float64(row)+0.5)/cellHeight-0.5)*high*frame
			for column := range cellWidth {
				cell[row*cellWidth+column] = s.at(left+(right-left)*(float64(column)+0.5)/cellWidth, y)
			}
		}
		cell.normalize()
	}
	return cells
}

// Rows returns the middle of letter k of the line and the height of its capitals, in rows.
func (s Strip) Rows(cuts Cuts) (middle func(k float64) float64, height float64) {
	middles, height := s.measureRows(cuts)
	return middles.at, height
}

// Rise is how high a capital of OCR-B is, as a share of the pitch.
const Rise = 1.02

// around is how many letters on both sides have a say in where the rows of a letter are.
const around = 3

// measureRows finds where the letters are vertically: a parabola through the middles of the ink, since pages are bent, and one height.
func (s Strip) measureRows(cuts Cuts) (parabola, float64) {
	n := len(cuts) - 1
	expected := min((cuts[n]-cuts[0])/float64(n)/Aspect*Rise, Height)
	middles, heights, weights := make([]float64, n), make([]float64, n), make([]float64, n)
	ink := s.sumRows(cuts)
	for k := range n {
		from, to := max(0, k-around), min(n, k+around+1)
		top, bottom, contrast := inkRows(ink[from:to], int(expected*1.2+0.5))
		middles[k], heights[k], weights[k] = float64(top+bottom+1)/2, float64(bottom-top+1), contrast/max(1, cuts[to]-cuts[from])
	}
	fit := fitParabola(middles, weights)
	for range 2 { // what lies beside the others counts less
		again := slices.Clone(weights)
		for k := range again {
			off := math.Abs(middles[k] - fit.at(float64(k)))
			again[k] *= 1 / (1 + off*off)
		}
		fit = fitParabola(middles, again)
	}
	slices.Sort(heights)
	return fit, min(max(heights[n*3/4], expected*0.85), expected*1.2)
}

// rowInk is how much ink each row has, of one letter.
type rowInk [Height]float32

// sumRows adds up the ink of each letter, since many letters have a say in the rows of each.
func (s Strip) sumRows(cuts Cuts) []rowInk {
	ink := make([]rowInk, len(cuts)-1)
	for k := range ink {
		from := max(0, min(int(cuts[k]), s.Width))
		to := max(from, min(int(cuts[k+1]), s.Width))
		for y := range Height {
			for _, v := range s.Ink[y*s.Width+from : y*s.Width+to] {
				ink[k][y] += v
			}
		}
	}
	return ink
}

// inkRows finds the rows in which letters have ink, at most as many as high, and how much more the blackest has than the paper.
func inkRows(ink []rowInk, high int) (top, bottom int, contrast float64) {
	var rows rowInk
	for k := range ink {
		for y, v := range ink[k] {
			rows[y] += v
		}
	}
	top, bottom = blackest(rows[:], min(max(high, 1), Height))
	least, most := slices.Min(rows[:]), slices.Max(rows[top:bottom+1])
	limit := least + (most-least)*0.30
	for top < bottom && rows[top] < limit {
		top++
	}
	for bottom > top && rows[bottom] < limit {
		bottom--
	}
	return top, bottom, float64(most - least)
}

// blackest finds the window of so many rows with the most ink.
func blackest(rows []float32, high int) (top, bottom int) {
	sum, most := float32(0), float32(-1)
	for y, v := range rows {
		sum += v
		if y >= high {
			sum -= rows[y-high]
		}
		if y >= high-1 && sum > most {
			most, top = sum, y-high+1
		}
	}
	return top, top + high - 1
}

func (c *Cell) normalize() {
	var sum, squares float64
	for _, v := range c {
		sum += float64(v)
		squares += float64(v) * float64(v)
	}
	mean := sum / inputs
	deviation := math.Sqrt(max(1e-6, squares/inputs-mean*mean))
	for i, v := range c {
		c[i] = float32((float64(v) - mean) / deviation)
	}
}
