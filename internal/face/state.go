package face

import "image"

// State is what a photo shows that should show one face.
type State string

// The states. Only One is as it should be; all others are a reason to look, and none to refuse.
const (
	One       State = "one"
	None      State = "none"
	Several   State = "several"
	Small     State = "small"
	OffCentre State = "off_centre"
)

const (
	smallShare  = 0.15 // of the shorter side of the photo: a face that has less is too small
	besideShare = 0.4  // of the largest face: a face that has less is one in the background
	middleShare = 0.6  // of the photo: the face's centre should lie within so much of it
)

// StateOf is the state of a photo with these faces, the largest first, in which one face should be.
func StateOf(found []Face, photo image.Rectangle) State {
	if len(found) == 0 {
		return None
	}
	first := found[0].Place
	for _, other := range found[1:] {
		if float64(other.Place.Dx()) >= besideShare*float64(first.Dx()) {
			return Several
		}
	}
	if float64(first.Dx()) < smallShare*float64(min(photo.Dx(), photo.Dy())) {
		return Small
	}
	if !first.Min.Add(first.Max).Div(2).In(middleOf(photo)) {
		return OffCentre
	}
	return One
}

// middleOf is the part of a photo in which the centre of a face should lie.
func middleOf(photo image.Rectangle) image.Rectangle {
	x, y := int(float64(photo.Dx())*(1-middleShare)/2), int(float64(photo.Dy())*(1-middleShare)/2)
	return image.Rect(photo.Min.X+x, photo.Min.Y+y, photo.Max.X-x, photo.Max.Y-y)
}
