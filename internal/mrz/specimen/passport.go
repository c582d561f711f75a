package specimen

import "image"

// PassportLines are the lines of the zone of a passport, as ICAO 9303-4 lays them out: the name with "<" for spaces and "<<" after the
// surname, days as yymmdd, and a sex of one letter.
func PassportLines(state, name, number, birth, sex, expiry string) [2]string {
	checked := func(text string, width int) string { return pad(text, width) + check(pad(text, width)) }
	number, birth, expiry = checked(number, 9), checked(birth, 6), checked(expiry, 6)
	optional := checked("", 14)
	return [2]string{pad("P<"+state+name, 44), number + state + birth + sex + expiry + optional + check(number+birth+expiry+optional)}
}

// PrintLines prints the lines of a zone into the lower part of the picture of a passport's page.
func PrintLines(img *image.RGBA, lines [2]string) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	ink := NewCanvas(w, h, 255)
	for i, line := range lines {
		Letters().DrawLine(ink, 0, line, 0.12*float64(w), (0.79+0.065*float64(i))*float64(h), 0.0172*float64(w), 1, 25, 1)
	}
	for i, grey := range ink.Grey {
		for c := range 3 {
			img.Pix[4*i+c] = uint8(float32(img.Pix[4*i+c]) * grey / 255)
		}
	}
}
