package grey

import "image"

// Turn is a picture turned clockwise by 90, 180 or 270 degrees; by any other number it is the picture itself.
func Turn(img *image.Gray, degrees int) *image.Gray {
	size := img.Rect.Size()
	turned := image.NewGray(TurnRectangle(img.Rect, img.Rect, degrees))
	if degrees != 90 && degrees != 180 && degrees != 270 {
		return img
	}
	for y := range size.Y {
		for x := range size.X {
			at := TurnRectangle(image.Rect(x, y, x+1, y+1).Add(img.Rect.Min), img.Rect, degrees).Min
			turned.Pix[at.Y*turned.Stride+at.X] = img.Pix[y*img.Stride+x]
		}
	}
	return turned
}

// TurnRectangle is where a place of a picture is once that is turned clockwise by so many degrees, from 0, 0 on.
func TurnRectangle(place, picture image.Rectangle, degrees int) image.Rectangle {
	size := picture.Size()
	place = place.Sub(picture.Min)
	switch degrees {
	case 90:
		return image.Rect(size.Y-place.Max.Y, place.Min.X, size.Y-place.Min.Y, place.Max.X)
	case 180:
		return image.Rect(size.X-place.Max.X, size.Y-place.Max.Y, size.X-place.Min.X, size.Y-place.Min.Y)
	case 270:
		return image.Rect(place.Min.Y, size.X-place.Max.X, place.Max.Y, size.X-place.Min.X)
	}
	return place
}
