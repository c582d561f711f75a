package demo

import (
	"image"

	"docket/internal/testkit/testpicture"
)

const photoWidth = 1280 // pixels

// drawing is a drawn photo for one field of the form.
type drawing struct {
	field string
	image *image.RGBA
}

// photos draws what attempt n sends: a card has two sides.
func (p person) photos(n int) []drawing {
	front := testpicture.Front(p.holder, photoWidth)
	if spoil := p.attempts[n].spoil; spoil != nil {
		front = spoil(front)
	}
	all := []drawing{{"document_front", front}, {"selfie", testpicture.Selfie(p.holder, photoWidth)}}
	if p.typed["document_type"] != "passport" {
		all = append(all, drawing{"document_back", testpicture.Back(p.holder, photoWidth)})
	}
	return all
}

func (d drawing) jpeg() []byte { return testpicture.JPEG(d.image, 85) }

func blurPhoto(img *image.RGBA) *image.RGBA   { return testpicture.Blurred(img, 0.012) }
func reflectLamp(img *image.RGBA) *image.RGBA { return testpicture.WithGlare(img, 0.62, 0.42, 0.06) }
func darkenPhoto(img *image.RGBA) *image.RGBA { return testpicture.Brightened(img, 0.28) }
func copyInGrey(img *image.RGBA) *image.RGBA  { return testpicture.Grayscale(img) }
