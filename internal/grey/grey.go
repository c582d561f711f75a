// Package grey makes small grey copies of pictures, for what reads them.
package grey

import (
	"image"
	"image/color"
)

// Shrink is a grey copy of a picture whose longer side has at most so many pixels. Each of its pixels is the average of those that it
// stands for, so that thin lines stay. A picture that is as small keeps its size.
func Shrink(img image.Image, longest int) *image.Gray {
	from := img.Bounds()
	if from.Empty() {
		return image.NewGray(image.Rectangle{})
	}
	to := fitSize(from.Size(), longest)
	dst := image.NewGray(image.Rectangle{Max: to})
	luma, sums, counts := make([]uint8, from.Dx()), make([]uint32, to.X), make([]uint32, to.X)
	for y := range to.Y {
		clear(sums)
		clear(counts)
		for row := y * from.Dy() / to.Y; row < (y+1)*from.Dy()/to.Y; row++ {
			readRow(img, from.Min.Y+row, luma)
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

// readRow is the brightness of one row.
func readRow(img image.Image, y int, luma []uint8) {
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
			luma[x], _, _ = color.RGBToYCbCr(p[0], p[1], p[2])
		}
	default:
		for x := range luma {
			luma[x] = color.GrayModel.Convert(img.At(left+x, y)).(color.Gray).Y
		}
	}
}

// fitSize shrinks a size so that its longer side is at most so long.
func fitSize(size image.Point, longest int) image.Point {
	side := max(size.X, size.Y)
	if side <= longest {
		return size
	}
	return image.Pt(max(1, size.X*longest/side), max(1, size.Y*longest/side))
}
