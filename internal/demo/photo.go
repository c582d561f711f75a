package demo

import (
	"hash/fnv"
	"image"
	"image/draw"

	"docket/internal/mrz/specimen"
	"docket/internal/testkit/testpicture"
)

const (
	photoWidth = 1280 // pixels
	maxCrop    = 8    // percent of a side, less than there is beside a document
)

// drawing is a drawn photo for one field of the form.
type drawing struct {
	field string
	image *image.RGBA
}

// photos draws what attempt n sends: a card has two sides.
func (p person) photos(n int) []drawing {
	front := testpicture.Front(p.holder, photoWidth)
	if p.typed["document_type"] == "passport" {
		specimen.PrintLines(front, p.zone())
	}
	if spoil := p.attempts[n].spoil; spoil != nil {
		front = spoil(front)
	}
	all := []drawing{{"document_front", front}, {"selfie", testpicture.Selfie(p.holder, photoWidth)}}
	if p.typed["document_type"] != "passport" {
		all = append(all, drawing{"document_back", testpicture.Back(p.holder, photoWidth)})
	}
	for i := range all {
		all[i].image = p.cropEdges(all[i].image)
	}
	return all
}

// cropEdges cuts a little off each edge, for each holder another part: photos of two documents that were framed alike
// would look the same.
func (p person) cropEdges(img *image.RGBA) *image.RGBA {
	sum := fnv.New32a()
	sum.Write([]byte(p.holder.Given + p.holder.Number))
	n, size := int(sum.Sum32()), img.Rect.Size()
	share := func(part, side int) int { return n / part % maxCrop * side / 100 }
	left, right, top, bottom := share(1, size.X), share(maxCrop, size.X), share(maxCrop*maxCrop, size.Y), share(maxCrop*maxCrop*maxCrop, size.Y)
	cropped := image.NewRGBA(image.Rect(0, 0, size.X-left-right, size.Y-top-bottom))
	draw.Draw(cropped, cropped.Rect, img, image.Pt(left, top), draw.Src)
	return cropped
}

func (d drawing) jpeg() []byte { return testpicture.JPEG(d.image, 85) }

func blurPhoto(img *image.RGBA) *image.RGBA   { return testpicture.Blurred(img, 0.012) }
func reflectLamp(img *image.RGBA) *image.RGBA { return testpicture.WithGlare(img, 0.62, 0.42, 0.06) }
func darkenPhoto(img *image.RGBA) *image.RGBA { return testpicture.Brightened(img, 0.24) }
func copyInGrey(img *image.RGBA) *image.RGBA  { return testpicture.Greyscale(img) }
