package photo

import (
	"math"
	"slices"
	"sync"
)

// DistinctBits is the number of bits from which two hashes belong to two photos. A photo that was saved again, resized or
// brightened differs by at most 3 from itself, by more only where much of it is burnt out; two people's documents of one
// kind, framed alike to the pixel, by 8. Fewer is a hint for people; a copy that was cropped or turned is not found.
const DistinctBits = 5

const (
	samples = 32 // the side of the square that is transformed
	waves   = 8  // the lowest frequencies of it, without those that are constant
)

// perceptualHash is the 64-bit pHash: the signs, about their median, of the lowest frequencies of the discrete cosine transform.
func (p plane) perceptualHash() (hash uint64) {
	square := p.sampleSquare()
	table := cosineTable()
	var rows [samples][waves]float64
	for y := range samples {
		for u := range waves {
			for x := range samples {
				rows[y][u] += square[y][x] * table[u][x]
			}
		}
	}
	var found [waves * waves]float64
	for v := range waves {
		for u := range waves {
			for y := range samples {
				found[v*waves+u] += rows[y][u] * table[v][y]
			}
		}
	}
	sorted := slices.Sorted(slices.Values(found[:]))
	median := (sorted[len(sorted)/2-1] + sorted[len(sorted)/2]) / 2
	for i, f := range found {
		if f > median {
			hash |= 1 << i
		}
	}
	return hash
}

// sampleSquare shrinks the picture to a square, by averages.
func (p plane) sampleSquare() (s [samples][samples]float64) {
	for y := range samples {
		for x := range samples {
			s[y][x] = p.averageLuma(sampleRange(x, p.w), sampleRange(y, p.h))
		}
	}
	return s
}

// sampleRange is what a sample covers of a side. It is never empty.
func sampleRange(i, side int) [2]int {
	from := i * side / samples
	return [2]int{from, max(from+1, (i+1)*side/samples)}
}

func (p plane) averageLuma(xs, ys [2]int) float64 {
	sum := 0.0
	for y := ys[0]; y < ys[1]; y++ {
		for _, v := range p.luma[y*p.w+xs[0] : y*p.w+xs[1]] {
			sum += float64(v)
		}
	}
	return sum / float64((xs[1]-xs[0])*(ys[1]-ys[0]))
}

var cosineTable = sync.OnceValue(func() (table [waves][samples]float64) {
	for u := range waves {
		for x := range samples {
			table[u][x] = math.Cos(math.Pi * float64(u+1) * (2*float64(x) + 1) / (2 * samples))
		}
	}
	return table
})
