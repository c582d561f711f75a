package letters

import "math"

// parabola is a + b·k + c·k².
type parabola struct{ a, b, c float64 }

func (p parabola) at(k float64) float64 { return p.a + k*(p.b+k*p.c) }

// fitParabola is the least-squares fit of points at 0, 1, 2 …, each as important as its weight; nil is the same for all. Without weights
// enough it is level.
func fitParabola(points, weights []float64) parabola {
	var s [5]float64
	var t [3]float64
	middle := float64(len(points)-1) / 2
	for i, y := range points {
		w := 1.0
		if weights != nil {
			w = weights[i]
		}
		k := (float64(i) - middle) / max(1, middle)
		for power, term := 0, w; power < 5; power, term = power+1, term*k {
			s[power] += term
			if power < 3 {
				t[power] += term * y
			}
		}
	}
	a, b, c, ok := solve3([3][4]float64{{s[0], s[1], s[2], t[0]}, {s[1], s[2], s[3], t[1]}, {s[2], s[3], s[4], t[2]}})
	if !ok {
		if s[0] == 0 {
			return parabola{}
		}
		return parabola{a: t[0] / s[0]}
	}
	// From k scaled to −1…1 back to the index.
	scale := 1 / max(1, middle)
	return parabola{a: a - b*middle*scale + c*middle*middle*scale*scale, b: b*scale - 2*c*middle*scale*scale, c: c * scale * scale}
}

// solve3 solves three linear equations. It returns false when they have no one solution.
func solve3(m [3][4]float64) (x, y, z float64, ok bool) {
	for i := range 3 {
		pivot := i
		for r := i + 1; r < 3; r++ {
			if math.Abs(m[r][i]) > math.Abs(m[pivot][i]) {
				pivot = r
			}
		}
		m[i], m[pivot] = m[pivot], m[i]
		if math.Abs(m[i][i]) < 1e-9 {
			return 0, 0, 0, false
		}
		for r := range 3 {
			if r == i {
				continue
			}
			f := m[r][i] / m[i][i]
			for c := i; c < 4; c++ {
				m[r][c] -= f * m[i][c]
			}
		}
	}
	return m[0][3] / m[0][0], m[1][3] / m[1][1], m[2][3] / m[2][2], true
}
