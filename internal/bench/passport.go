package main

import (
	"image"
	"strings"

	"docket/internal/mrz/specimen"
	"docket/internal/testkit/testpicture"
)

// drawPassport draws a passport whose zone is printed in OCR-B, as zones are, and not in the type that testpicture has for it.
func drawPassport(width int) *image.RGBA {
	holder := testpicture.Anna
	lines := strings.Split(holder.MRZ, "\n")
	holder.MRZ = ""
	img := testpicture.Front(holder, width)
	high := img.Rect.Dy()
	pitch := 0.78 * float64(width) / float64(len(lines[0]))
	printed := specimen.NewCanvas(width, high, 255)
	for i, line := range lines {
		specimen.Letters().DrawLine(printed, 0, line, 0.11*float64(width), (0.78+0.07*float64(i))*float64(high), pitch, 1, 0, 1)
	}
	for i, shade := range printed.Grey {
		for c := range 3 {
			img.Pix[4*i+c] = uint8(float32(img.Pix[4*i+c]) * shade / 255)
		}
	}
	return img
}
