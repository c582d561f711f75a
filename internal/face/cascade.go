package face

import (
	_ "embed"
	"encoding/binary"
	"math"
	"sync"
)

// table is a cascade of stages, as internal/face/turn writes it: of each stage the number of its tests and the least sum, of each test its
// rectangles, limit and sums, all little-endian.
//
//go:embed frontalface.bin
var table []byte

// windowSide is the side of the square, in pixels, in which the cascade looks for a face.
const windowSide = 24

// stage is a row of tests whose sum a window has to reach.
type stage struct {
	least float32
	tests []test
}

// test compares the weighted sum of two or three rectangles with a limit.
type test struct {
	rectangles       [3]rectangle // the third has no weight when there are two
	limit            float32
	below, otherwise float32 // what it adds to the stage's sum
}

type rectangle struct {
	x, y, w, h int
	weight     float32
}

// cascade is the table; it panics when that is damaged, which a test would find.
var cascade = sync.OnceValue(func() (stages []stage) {
	for left := table; len(left) > 0; {
		s := stage{least: readFloat(left[2:]), tests: make([]test, binary.LittleEndian.Uint16(left))}
		left = left[6:]
		for i := range s.tests {
			s.tests[i] = readTest(left)
			left = left[testBytes:]
		}
		stages = append(stages, s)
	}
	return stages
})

const testBytes = 3*5 + 3*4

func readTest(b []byte) (t test) {
	for i := range t.rectangles {
		r := b[5*i : 5*i+5]
		t.rectangles[i] = rectangle{int(r[0]), int(r[1]), int(r[2]), int(r[3]), float32(int8(r[4]))}
	}
	t.limit, t.below, t.otherwise = readFloat(b[15:]), readFloat(b[19:]), readFloat(b[23:])
	return t
}

func readFloat(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
