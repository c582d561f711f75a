package testpicture

import (
	"image"
	"image/color"
	"image/draw"

	"github.com/boombuler/barcode"
	encoder "github.com/boombuler/barcode/qr"
)

// VietnameseName is who holds the citizen card whose code says VietnameseCard.
const (
	VietnameseName = "Nguyễn Thị Ánh"
	VietnameseCard = "001304012345|012345678|" + VietnameseName + "|05112004|Nữ|Số 1, Đội Cấn, Ba Đình, Hà Nội|01072021"
)

// WithCode draws the QR code of a text onto a picture, with its upper left corner at a point and about so many pixels wide. It returns
// where.
func WithCode(img draw.Image, text string, at image.Point, width int) image.Rectangle {
	code, err := encoder.Encode(text, encoder.M, encoder.Unicode)
	if err != nil {
		panic(err)
	}
	modules := code.Bounds().Dx()
	if code, err = barcode.Scale(code, width/modules*modules, width/modules*modules); err != nil {
		panic(err)
	}
	place := code.Bounds().Add(at)
	draw.Draw(img, place.Inset(-width/10), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(img, place, code, image.Point{}, draw.Src)
	return place
}
