package face

import (
	"image"
	"math"
)

// sums are, for each pixel, the sums of the pixels above and to the left of it, and of their squares.
type sums struct {
	stride int
	plain  []uint32
	square []uint64
}

func sumUp(img *image.Gray) sums {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	s := sums{w + 1, make([]uint32, (w+1)*(h+1)), make([]uint64, (w+1)*(h+1))}
	for y := range h {
		var plain uint32
		var square uint64
		above, at := y*s.stride+1, (y+1)*s.stride+1
		for x, v := range img.Pix[y*img.Stride : y*img.Stride+w] {
			plain += uint32(v)
			square += uint64(v) * uint64(v)
			s.plain[at+x] = s.plain[above+x] + plain
			s.square[at+x] = s.square[above+x] + square
		}
	}
	return s
}

// placedTest is a test whose rectangles are offsets into sums.
type placedTest struct {
	corners          [3][4]int32
	weights          [3]float32
	limit            float32
	below, otherwise float32
}

type placedStage struct {
	least float32
	tests []placedTest
}

// place computes where the corners of each rectangle are in rows of this length.
func place(stages []stage, stride int) []placedStage {
	placed := make([]placedStage, len(stages))
	for i, s := range stages {
		placed[i] = placedStage{s.least - rounding, make([]placedTest, len(s.tests))}
		for j, t := range s.tests {
			p := placedTest{limit: t.limit, below: t.below, otherwise: t.otherwise}
			for k, r := range t.rectangles {
				p.corners[k], p.weights[k] = cornersOf(r.x, r.y, r.w, r.h, stride), r.weight
			}
			placed[i].tests[j] = p
		}
	}
	return placed
}

// rounding is what the sum of a stage may miss, for the order in which it is added up.
const rounding = 1e-5

func cornersOf(x, y, w, h, stride int) [4]int32 {
	return [4]int32{int32(y*stride + x), int32(y*stride + x + w), int32((y+h)*stride + x), int32((y+h)*stride + x + w)}
}

// passedStages is how many stages the window at this place passes; all of them: it looks like a face.
func (s sums) passedStages(stages []placedStage, x, y int) int {
	at := y*s.stride + x
	contrast := s.contrast(at)
	if contrast == 0 {
		return 0
	}
	plain := s.plain[at:]
	for i := range stages {
		total := float32(0)
		for j := range stages[i].tests {
			t := &stages[i].tests[j]
			value := t.weights[0]*boxSum(plain, &t.corners[0]) + t.weights[1]*boxSum(plain, &t.corners[1])
			if t.weights[2] != 0 {
				value += t.weights[2] * boxSum(plain, &t.corners[2])
			}
			if value < t.limit*contrast {
				total += t.below
			} else {
				total += t.otherwise
			}
		}
		if total < stages[i].least {
			return i
		}
	}
	return len(stages)
}

func boxSum(plain []uint32, c *[4]int32) float32 {
	return float32(plain[c[0]] - plain[c[1]] - plain[c[2]] + plain[c[3]])
}

// contrast is the standard deviation of the pixels of a window, without its edge, times how many they are; 0 where all is the same.
func (s sums) contrast(at int) float32 {
	const inner = windowSide - 2
	c := cornersOf(1, 1, inner, inner, s.stride)
	plain := float64(s.plain[at+int(c[0])] - s.plain[at+int(c[1])] - s.plain[at+int(c[2])] + s.plain[at+int(c[3])])
	square := float64(s.square[at+int(c[0])] - s.square[at+int(c[1])] - s.square[at+int(c[2])] + s.square[at+int(c[3])])
	return float32(math.Sqrt(max(0, inner*inner*square-plain*plain)))
}
