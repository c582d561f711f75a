// Package ocr reads the machine-readable zone of a document from a photo of it: it finds two or three parallel lines of print, whichever way
// the photo lies, straightens and cuts them, reads the letters with the network of internal/mrz/letters, and checks them against the
// layouts and check digits of internal/mrz.
package ocr

import (
	"context"
	"errors"
	"image"

	"docket/internal/mrz"
)

// ErrNoZone: there is no machine-readable zone in the picture, or none that can be read.
var ErrNoZone = errors.New("ocr: no machine-readable zone")

// State is how far a field can be trusted.
type State string

// The states. A field that is Mended or Wrong, and every field of a zone that is not Sure, needs a human.
const (
	Checked   State = "checked"   // its check digit holds for what was read
	Mended    State = "mended"    // its check digit holds for the likeliest text for which it holds, which is not what was read
	Unchecked State = "unchecked" // it has no check digit of its own: names, states, sex, kind
	Wrong     State = "wrong"     // its check digit does not hold
)

// Field is a part of the zone, and where it is.
type Field struct {
	Name       mrz.Field
	Text       string // as printed, with filler
	State      State
	Mended     bool    // a letter of it is not the one that was read first
	Confidence float64 // of the least certain letter, from 0 to 1
	Doubted    bool    // it does not fit what else was read, and is never sure
	Place      Quad
}

// Quad are the corners of a place in the picture that was given, in its pixels: of the text as it is read, from the upper left one clockwise.
type Quad [4]image.Point

// Bounds is the smallest upright rectangle around the place.
func (q Quad) Bounds() image.Rectangle {
	r := image.Rectangle{q[0], q[0]}
	for _, p := range q[1:] {
		r.Min.X, r.Min.Y = min(r.Min.X, p.X), min(r.Min.Y, p.Y)
		r.Max.X, r.Max.Y = max(r.Max.X, p.X), max(r.Max.Y, p.Y)
	}
	return r
}

// Zone is what was read.
type Zone struct {
	MRZ        mrz.MRZ
	Lines      []string // what MRZ was made of
	Fields     []Field  // in the order in which they are printed; names as Surname and Given
	Sure       bool     // every check digit holds as it was read, and no letter is doubtful
	Confidence float64  // the mean over all letters
	Place      Quad     // of the whole zone
	Rotation   int      // degrees clockwise by which the picture has to be turned to be upright: 0, 90, 180 or 270
}

const (
	// longestSide of the plane that is read: a letter of a passport that fills the photo is then 45 pixels wide.
	longestSide = 2400

	// leastSide is the least height of a picture that can have a zone.
	leastSide = 32
)

// ReadPicture reads the zone in a picture, which may lie on any side, and up to 15 degrees askew. It returns ErrNoZone when there is none, and
// the context's error when the context ends first. Beside the picture it takes at most 32 MB.
func ReadPicture(ctx context.Context, img image.Image) (Zone, error) {
	size := img.Bounds().Size()
	if size.X < leastSide || size.Y < leastSide {
		return Zone{}, ErrNoZone
	}
	p, factor, err := newPlane(ctx, img, longestSide)
	if err != nil {
		return Zone{}, err
	}
	found, err := search(ctx, p)
	if err != nil {
		return Zone{}, err
	}
	if !found.plausible() {
		return Zone{}, ErrNoZone
	}
	return newZone(found.candidate, frame{img.Bounds(), factor, found.turned}), nil
}

// look is one way to look for lines: in a plane so wide, among so many permille of its pixels.
type look struct{ width, permille int }

// looks are the ways in the order in which they find most.
var looks = []look{{900, 100}, {900, 40}, {600, 100}, {1300, 70}}

// tallest bounds the height of a plane in which lines are looked for, in widths.
const tallest = 1.5

// lookWidth is how wide the plane is in which lines are looked for. A small picture is doubled, since its letters have few rows.
func (p plane) lookWidth(l look) int {
	width := min(l.width, p.w)
	if 2*p.w <= l.width {
		width = 2 * p.w
	}
	if float64(p.h) > tallest*float64(p.w) {
		width = min(width, max(1, int(float64(l.width)*tallest*float64(p.w)/float64(p.h))))
	}
	return width
}

// found is a candidate, and whether the plane lay on its side.
type found struct {
	candidate
	turned bool
}

// mostLooks bounds how often is looked for something better than a zone that was found.
const mostLooks = 3

// looksInVain is after how many looks in which no lines could be read as a zone no other one is tried.
const looksInVain = 2

// search looks for a zone whose lines run along the rows, and for one whose lines run along the columns, until one has enough check digits that
// hold, or two looks have read the same.
func search(ctx context.Context, p plane) (best found, err error) {
	planes := [2]*finder{newFinder(p, false), newFinder(p, true)}
	more := 0 // looks since a zone was found
	for n, l := range looks {
		if n == looksInVain && planes[0].readings+planes[1].readings == 0 {
			return best, nil
		}
		for i, f := range planes {
			other := planes[1-i]
			if best.held >= 3 && best.turned != f.turned || other.surest > surelyPrint && other.surest > f.surest {
				continue // the other way there is print
			}
			c, err := f.look(ctx, l)
			if err != nil {
				return best, err
			}
			known := best.plausible()
			again := known && c.sameText(best.candidate)
			if c.betterThan(best.candidate) {
				best = found{c, f.turned}
			}
			if known {
				more++
			}
			if best.complete() || again || more == mostLooks {
				return best, nil
			}
		}
	}
	return best, nil
}
