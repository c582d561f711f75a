package demo

import (
	"image"

	"docket/internal/testkit/testpicture"
)

const photoWidth = 1280 // pixels

// photo is a drawn photo for one field of the form.
type photo struct {
	field string
	image *image.RGBA
}

// photos draws what attempt n sends: a card has two sides.
func (p person) photos(n int) []photo {
	front := testpicture.Front(p.holder, photoWidth)
	if spoil := p.attempts[n].spoil; spoil != nil {
		front = spoil(front)
	}
	all := []photo{{"document_front", front}, {"selfie", testpicture.Selfie(p.holder, photoWidth)}}
	if p.typed["document_type"] != "passport" {
		all = append(all, photo{"document_back", testpicture.Back(p.holder, photoWidth)})
	}
	return all
}

func (p photo) jpeg() []byte { return testpicture.JPEG(p.image, 85) }

func blurPhoto(img *image.RGBA) *image.RGBA   { return testpicture.Blurred(img, 0.012) }
func reflectLamp(img *image.RGBA) *image.RGBA { return testpicture.WithGlare(img, 0.6, 0.4, 0.12) }
func darkenPhoto(img *image.RGBA) *image.RGBA { return testpicture.Brightened(img, 0.28) }
func copyInGrey(img *image.RGBA) *image.RGBA  { return testpicture.Grayscale(img) }
