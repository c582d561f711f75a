package ocr

import (
	"context"
	"image"

	"docket/internal/grey"
)

// finder is a plane, or one turned a quarter clockwise, and what is made of it: its ink in the width in which it was last looked at, and a smaller
// copy.
type finder struct {
	plane         // of a turned one only the size, until print is read
	upright plane // what is turned
	turned  bool
	ink     plane
	work    plane // as large as ink, for what is selected of it
	half    plane // the plane in half its size, made when it is needed

	readings int     // how often print was read as a zone
	surest   float64 // the mean probability of the likeliest letters in the best of them
}

// surelyPrint is the mean probability of letters from which on what was read is print that lies as the plane does.
const surelyPrint = 0.7

func newFinder(p plane, turned bool) *finder {
	if turned {
		return &finder{plane: plane{w: p.h, h: p.w}, upright: p, turned: true}
	}
	return &finder{plane: p}
}

// look looks for a zone whose lines run along the rows.
func (f *finder) look(ctx context.Context, l look) (candidate, error) {
	if ctx.Err() != nil {
		return candidate{}, context.Cause(ctx)
	}
	width := f.lookWidth(l)
	if width != f.ink.w {
		f.work = f.copyOf(width).smooth()
		f.ink = f.work.findInk(max(2, width/90))
	}
	selected := f.work
	f.ink.selectInk(l.permille, selected)
	selected.removeTall(width / 16)
	selected.removeLong(width / 9)
	selected.removeFrames()
	selected.joinLetters(max(6, 2*(width/55)))
	lines := selectLines(selected.findBands(), width)
	groups := groupLines(lines, width)
	if len(groups) > 0 {
		f.makePixels()
	}
	return f.readGroups(ctx, groups, float64(f.w)/float64(width))
}

// makePixels makes the pixels of a turned plane, if they are not made.
func (f *finder) makePixels() {
	if f.turned && f.pix == nil {
		f.plane = f.upright.turn()
	}
}

// copyOf is the plane in another width. A copy that is smaller is turned itself, since that takes less than turning the plane.
func (f *finder) copyOf(width int) plane {
	if !f.turned || width > f.w {
		f.makePixels()
		return f.resize(width)
	}
	height := max(1, f.h*width/f.w)
	small := grey.ShrinkTo(f.upright.image(), image.Pt(height, width))
	return plane{height, width, small.Pix}.turn()
}
