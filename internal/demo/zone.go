package demo

import (
	"fmt"
	"image"
	"strings"

	"docket/internal/mrz"
	"docket/internal/mrz/specimen"
)

// zone are the lines of the machine-readable zone of the person's passport, as ICAO 9303-4 lays them out; nothing is said of the sex.
func (p person) zone() [2]string {
	country, number := fmt.Sprint(p.typed["nationality"]), fill(p.holder.Number, 9)
	born, expires := zoneDate(p.typed["date_of_birth"]), zoneDate(p.typed["expiry_date"])
	optional := fill("", 14)
	digits := func(over string) string { return over + string(mrz.CheckDigit(over)) }
	number, born, expires, optional = digits(number), digits(born), digits(expires), digits(optional)
	return [2]string{
		fill("P<"+country+strings.ReplaceAll(p.holder.Surname+"<<"+p.holder.Given, " ", "<"), 44),
		number + country + born + "<" + expires + optional + string(mrz.CheckDigit(number+born+expires+optional)),
	}
}

func fill(text string, length int) string { return text + strings.Repeat("<", length-len(text)) }

// zoneDate writes year-month-day as yymmdd.
func zoneDate(answer any) string { return strings.ReplaceAll(fmt.Sprint(answer), "-", "")[2:] }

// printZone prints the lines of a zone into the lower part of a passport's page that testpicture.Front has drawn.
func printZone(img *image.RGBA, lines [2]string) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	ink := specimen.NewCanvas(w, h, 255)
	for i, line := range lines {
		specimen.Letters().DrawLine(ink, 0, line, 0.12*float64(w), (0.79+0.065*float64(i))*float64(h), 0.0172*float64(w), 1, 25, 1)
	}
	for i, grey := range ink.Grey {
		for c := range 3 {
			img.Pix[4*i+c] = uint8(float32(img.Pix[4*i+c]) * grey / 255)
		}
	}
}
