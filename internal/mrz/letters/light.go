package letters

// steepLight is where the paper is so many times as light as two letters farther on: the edge of a shadow.
const steepLight = 1.35

// leastLight is the light of paper below which ink is not taken to be darker than it looks.
const leastLight = 30

func greater(a, b float32) float32 { return max(a, b) }
func less(a, b float32) float32    { return min(a, b) }

// LevelLight makes ink as dark in a shadow as beside it, where an edge of one lies on the strip: as a share of the light of the paper around it. Where
// light changes slowly it leaves all as it is, and returns false. What is narrower than size columns, about half a letter, is not paper.
func (s Strip) LevelLight(size int) bool {
	if size < 2 || size >= Height || !s.crossesShadow(size) {
		return false
	}
	paper := make([]float32, len(s.Ink))
	for i, v := range s.Ink {
		paper[i] = 255 - v
	}
	s.slideSquare(paper, size, greater)
	s.slideSquare(paper, size, less)
	for i, v := range s.Ink {
		level := max(paper[i], leastLight)
		s.Ink[i] = 255 * max(0, level-(255-v)) / level
	}
	return true
}

// crossesShadow tells whether the light of the paper changes steeply anywhere but at the ends, where the document may end.
func (s Strip) crossesShadow(size int) bool {
	light := make([]float32, s.Width)
	for y := Height / 4; y < Height*3/4; y++ {
		for x, v := range s.Ink[y*s.Width:][:s.Width] {
			light[x] = max(light[x], 255-v)
		}
	}
	row := newSlider(s.Width, 2*size)
	for _, of := range []func(a, b float32) float32{greater, less} {
		row.slide(func(i int) *float32 { return &light[i] }, of)
	}
	for x := 4 * size; x+8*size < s.Width; x++ {
		a, b := max(light[x], leastLight), max(light[x+4*size], leastLight)
		if max(a, b) > steepLight*min(a, b) {
			return true
		}
	}
	return false
}

// slideSquare writes what the values of each square of about so many columns and rows come to into its middle.
func (s Strip) slideSquare(values []float32, size int, of func(a, b float32) float32) {
	row, column := newSlider(s.Width, size), newSlider(Height, size)
	for y := range Height {
		line := values[y*s.Width:][:s.Width]
		row.slide(func(i int) *float32 { return &line[i] }, of)
	}
	for x := range s.Width {
		column.slide(func(i int) *float32 { return &values[i*s.Width+x] }, of)
	}
}

// slider is room for a line with a margin on both sides.
type slider struct {
	size, n int
	padded  []float32
}

func newSlider(n, size int) slider { return slider{size, n, make([]float32, n+size)} }

func (s slider) slide(at func(i int) *float32, of func(a, b float32) float32) {
	for i := range s.padded {
		s.padded[i] = *at(min(max(i-s.size/2, 0), s.n-1))
	}
	slide(s.padded, s.padded, s.size, of)
	for i := range s.n {
		*at(i) = s.padded[i]
	}
}
