package specimen

import (
	"image"
	"math"
	"math/rand/v2"
)

// DrawCrop draws lines of a zone alone, so many pixels wide, as they are cut out of a photo or a scan: with little around them, a little
// askew, blurred and compressed.
func DrawCrop(random *rand.Rand, lines []string, width int) (*image.Gray, error) {
	r := source{random}
	beside, above := 0.2+0.8*r.Float64(), 0.2+0.4*r.Float64() // in letters
	pitch := float64(width) / (float64(len(lines[0])) + 2*beside)
	spacing := 2.2 + 0.4*r.Float64()
	high := int(pitch * (spacing*float64(len(lines)-1) + 1 + 2*above))
	paper := float32(170 + r.IntN(85))
	page := NewCanvas(width+4*high, 5*high, paper) // with room to turn it
	style, ink, density := Wear{}.style(r), Wear{}.ink(r, paper), float32(0.75+0.25*r.Float64())
	for i, line := range lines {
		baseline := float64(2*high) + pitch*(above+1+spacing*float64(i))
		Letters().DrawLine(page, style, line, float64(2*high)+pitch*beside, baseline, pitch, 0.95+0.1*r.Float64(), ink, density)
	}
	crop := NewCanvas(width, high, paper)
	sin, cos := math.Sincos((2*r.Float64() - 1) * above * 2 * pitch / float64(width)) // no letter leaves it by more than a little
	for y := range high {
		for x := range width {
			dx, dy := float64(x)+0.5-float64(width)/2, float64(y)+0.5-float64(high)/2
			crop.Grey[y*width+x] = page.At(dx*cos-dy*sin+float64(page.Width)/2, dx*sin+dy*cos+float64(page.Height)/2)
		}
	}
	blur := pitch * (0.03 + 0.09*r.Float64())
	crop.Blur(blur, blur)
	crop.AddNoise(random, 1+4*r.Float64())
	img, _, err := compress(crop.Image(), 60)
	return img, err
}
