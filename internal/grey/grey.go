// Package grey makes grey copies of pictures, for what reads them.
package grey

import (
	"image"
	"image/color"
)

// Shrink is a grey copy of a picture whose longer side has at most so many pixels. Each of its pixels is the average of those that it
// stands for, so that thin lines stay. A picture that is as small keeps its size.
func Shrink(img image.Image, longest int) *image.Gray {
	return ShrinkTo(img, FitSize(img.Bounds().Size(), longest))
}

// ShrinkTo is Shrink to a size in both directions, which is no larger than the picture's.
func ShrinkTo(img image.Image, to image.Point) *image.Gray {
	from := img.Bounds()
	if from.Empty() {
		return image.NewGray(image.Rectangle{})
	}
	dst := image.NewGray(image.Rectangle{Max: to})
	luma, sums, counts := make([]uint8, from.Dx()), make([]uint32, to.X), make([]uint32, to.X)
	for y := range to.Y {
		clear(sums)
		clear(counts)
		for row := y * from.Dy() / to.Y; row < (y+1)*from.Dy()/to.Y; row++ {
			ReadRow(img, from.Min.Y+row, luma)
			addRow(luma, sums, counts)
		}
		for x := range sums {
			dst.Pix[y*dst.Stride+x] = uint8(sums[x] / counts[x])
		}
	}
	return dst
}

// addRow adds each pixel of a row to the sum that it belongs to.
func addRow(luma []uint8, sums, counts []uint32) {
	if len(luma) == len(sums) {
		for x, v := range luma {
			sums[x] += uint32(v)
			counts[x]++
		}
		return
	}
	for x, from := 0, 0; x < len(sums); x++ {
		end := (x + 1) * len(luma) / len(sums)
		for _, v := range luma[from:end] {
			sums[x] += uint32(v)
		}
		counts[x] += uint32(end - from)
		from = end
	}
}

// ReadRow writes the brightness of one row of a picture, as JPEG has it. Decoders of photos make the first types.
func ReadRow(img image.Image, y int, luma []uint8) {
	left := img.Bounds().Min.X
	switch img := img.(type) {
	case *image.Gray:
		copy(luma, img.Pix[img.PixOffset(left, y):])
	case *image.YCbCr:
		copy(luma, img.Y[img.YOffset(left, y):])
	case *image.RGBA:
		pixels := img.Pix[img.PixOffset(left, y):]
		for x := range luma {
			p := pixels[4*x : 4*x+3 : 4*x+3]
			luma[x] = uint8((19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16) // Y of color.RGBToYCbCr
		}
	default:
		for x := range luma {
			luma[x] = color.GrayModel.Convert(img.At(left+x, y)).(color.Gray).Y
		}
	}
}

// FitSize shrinks a size so that its longer side is at most so long.
func FitSize(size image.Point, longest int) image.Point {
	side := max(size.X, size.Y)
	if side <= longest {
		return size
	}
	return image.Pt(max(1, size.X*longest/side), max(1, size.Y*longest/side))
}

// ScaleRectangle is a place of one picture in a copy of it that has another size, or the other way round.
func ScaleRectangle(place, from, to image.Rectangle) image.Rectangle {
	x := func(v int) int { return to.Min.X + (v-from.Min.X)*to.Dx()/from.Dx() }
	y := func(v int) int { return to.Min.Y + (v-from.Min.Y)*to.Dy()/from.Dy() }
	return image.Rect(x(place.Min.X), y(place.Min.Y), x(place.Max.X), y(place.Max.Y)).Intersect(to)
}
