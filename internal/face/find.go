// Package face finds the faces in a photo that look into the camera. It knows no person from another.
package face

import (
	"context"
	"image"

	"docket/internal/grey"
)

// Face is a face in a photo.
type Face struct {
	Place    image.Rectangle
	Strength int // how many overlapping places look like it; never less than MinStrength
}

// MinStrength is how many overlapping places look like a face that is one. Patterns on paper that look like one by chance have fewer.
const MinStrength = 8

const (
	searchedSide = 640 // the longer side, in pixels, of the copy that is searched
	minFace      = 32  // the side of the smallest face in it
	step         = 1.1 // from one size of faces to the next
)

// Find returns the faces of a photo, the largest first. It returns the context's error when the context ends first.
func Find(ctx context.Context, img image.Image) ([]Face, error) {
	small := grey.Shrink(img, searchedSide)
	var hits []image.Rectangle
	for side := float64(minFace); int(side) <= min(small.Rect.Dx(), small.Rect.Dy()); side *= step {
		found, err := findOfSize(ctx, small, side)
		if err != nil {
			return nil, err
		}
		hits = append(hits, found...)
	}
	faces := groupHits(hits)
	for i := range faces {
		faces[i].Place = grey.ScaleRectangle(faces[i].Place, small.Rect, img.Bounds())
	}
	return faces, nil
}

// findOfSize finds the places that look like a face with this side.
func findOfSize(ctx context.Context, img *image.Gray, side float64) (hits []image.Rectangle, err error) {
	scale := side / windowSide
	scaled := grey.Shrink(img, int(float64(max(img.Rect.Dx(), img.Rect.Dy()))/scale))
	sums := sumUp(scaled)
	stages := place(cascade(), sums.stride)
	apart := 2
	if scale > 2 {
		apart = 1
	}
	for y := 0; y+windowSide <= scaled.Rect.Dy(); y += apart {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for x := 0; x+windowSide <= scaled.Rect.Dx(); x += apart {
			switch sums.passedStages(stages, x, y) {
			case len(stages):
				at := image.Pt(int(float64(x)*scale), int(float64(y)*scale))
				hits = append(hits, image.Rectangle{at, at.Add(image.Pt(int(side), int(side)))})
			case 0: // nor does the next
				x += apart
			}
		}
	}
	return hits, nil
}
