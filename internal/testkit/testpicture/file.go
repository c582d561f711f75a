package testpicture

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
)

// JPEG encodes a picture.
func JPEG(img image.Image, quality int) []byte {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality}); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// PNG encodes a picture.
func PNG(img image.Image) []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// Rotated turns the pixels so that the EXIF orientation, 1 to 8, makes the picture upright again.
func Rotated(upright *image.RGBA, orientation int) *image.RGBA {
	w, h := upright.Rect.Dx(), upright.Rect.Dy()
	size := image.Pt(w, h)
	if orientation >= 5 {
		size = image.Pt(h, w)
	}
	rotated := image.NewRGBA(image.Rectangle{Max: size})
	for y := range h {
		for x := range w {
			to := [...]image.Point{
				{x, y},
				{w - 1 - x, y},
				{w - 1 - x, h - 1 - y},
				{x, h - 1 - y},
				{y, x},
				{y, w - 1 - x},
				{h - 1 - y, w - 1 - x},
				{h - 1 - y, x},
			}[orientation-1]
			rotated.SetRGBA(to.X, to.Y, upright.RGBAAt(x, y))
		}
	}
	return rotated
}

// WithEXIF adds EXIF data to a JPEG: an orientation, and GPS coordinates in Hanoi.
func WithEXIF(file []byte, orientation int) []byte {
	tiff := exifBlock(orientation)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(2+6+len(tiff)))
	segment = append(append(segment, "Exif\x00\x00"...), tiff...)
	return slices.Concat(file[:2], segment, file[2:])
}

// EXIFPlace is the name of the GPS datum that WithEXIF writes. Tests look for it in files that must not contain it.
const EXIFPlace = "WGS-84-HANOI"

// exifBlock is a TIFF block of two directories: the orientation, and the coordinates.
func exifBlock(orientation int) []byte {
	const gps, latitude, longitude, datum = 38, 104, 128, 152
	le := binary.LittleEndian
	entry := func(b []byte, tag, format uint16, count, value uint32) []byte {
		b = le.AppendUint16(le.AppendUint16(b, tag), format)
		return le.AppendUint32(le.AppendUint32(b, count), value)
	}
	b := append([]byte("II*\x00"), 8, 0, 0, 0)
	b = entry(le.AppendUint16(b, 2), 0x0112, 3, 1, uint32(orientation))
	b = le.AppendUint32(entry(b, 0x8825, 4, 1, gps), 0)
	b = entry(le.AppendUint16(b, 5), 0x0001, 2, 2, 'N')
	b = entry(b, 0x0002, 5, 3, latitude)
	b = entry(b, 0x0003, 2, 2, 'E')
	b = entry(b, 0x0004, 5, 3, longitude)
	b = le.AppendUint32(entry(b, 0x0012, 2, uint32(len(EXIFPlace)+1), datum), 0)
	for _, number := range []uint32{21, 1, 1, 1, 42, 1, 105, 1, 51, 1, 15, 1} {
		b = le.AppendUint32(b, number)
	}
	return append(append(b, EXIFPlace...), 0)
}
