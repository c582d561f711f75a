package photo

import "image"

const (
	// burntLuma is as bright as a sensor gets; paper in a well-exposed photo stays below.
	burntLuma = 250

	// speckShare is the share below which a burnt spot hides nothing.
	speckShare = 0.001
)

// glare adds up the burnt spots that lie within the photo. A spot that touches the edge is taken for a window or a lamp in
// the background. Of an overexposed photo glare is 0.
func (p plane) glare() float64 {
	if p.burnt() > BurntAbove {
		return 0
	}
	left := make([]bool, len(p.luma))
	for i, v := range p.luma {
		left[i] = v >= burntLuma
	}
	total := 0
	for i := range left {
		if !left[i] {
			continue
		}
		size, box := p.takeSpot(left, i)
		inside := box.In(image.Rect(1, 1, p.w-1, p.h-1))
		if inside && float64(size) >= speckShare*float64(len(left)) && 2*size >= box.Dx()*box.Dy() {
			total += size
		}
	}
	return float64(total) / float64(len(left))
}

// burnt is the share of the pixels that are burnt.
func (p plane) burnt() float64 {
	n := 0
	for _, v := range p.luma {
		if v >= burntLuma {
			n++
		}
	}
	return float64(n) / float64(len(p.luma))
}

// takeSpot takes the pixels connected with start out of left, and returns how many and within which box they are.
func (p plane) takeSpot(left []bool, start int) (size int, box image.Rectangle) {
	left[start] = false
	for todo := []int{start}; len(todo) > 0; size++ {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		x, y := i%p.w, i/p.w
		box = box.Union(image.Rect(x, y, x+1, y+1))
		for _, step := range [...]struct {
			inside bool
			to     int
		}{{x > 0, i - 1}, {x < p.w-1, i + 1}, {y > 0, i - p.w}, {y < p.h-1, i + p.w}} {
			if step.inside && left[step.to] {
				left[step.to] = false
				todo = append(todo, step.to)
			}
		}
	}
	return size, box
}
