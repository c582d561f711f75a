// Package testpicture draws the photos of a ticket: a passport-like document, its back, a face. The persons do not exist.
// The same arguments draw the same pixels.
package testpicture

import (
	"image"
	"image/color"
	"math"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Holder is the person of a document.
type Holder struct {
	Surname, Given, Number, Born, Expires string
	MRZ                                   string // lines, may be empty
}

// Anna is the holder of ICAO's specimen passport.
var Anna = Holder{
	Surname: "ERIKSSON", Given: "ANNA MARIA", Number: "L898902C3", Born: "12 AUG 1974", Expires: "15 APR 2012",
	MRZ: "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
}

// Bo is another holder.
var Bo = Holder{
	Surname: "NGUYEN", Given: "BO", Number: "X1234567", Born: "01 FEB 1990", Expires: "31 JAN 2031",
	MRZ: "P<UTONGUYEN<<BO<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\nX1234567<9UTO9002018M3101316<<<<<<<<<<<<<<00",
}

// Front draws the page of a passport with the photo, lying on a table. Its height is three quarters of its width.
func Front(h Holder, width int) *image.RGBA {
	p := newTable(width, holderSeed(h))
	p.drawPaper(color.RGBA{214, 226, 240, 255}, color.RGBA{188, 206, 228, 255})
	p.drawFace(0.22, 0.42, 0.075, holderSeed(h))
	for i, line := range []string{"UTOPIA   PASSPORT", h.Surname, h.Given, "No. " + h.Number, "Born " + h.Born, "Expires " + h.Expires} {
		p.drawText(goregular.TTF, line, 0.38, 0.24+0.075*float64(i), 0.026)
	}
	for i, line := range strings.Split(h.MRZ, "\n") {
		p.drawText(gomono.TTF, line, 0.12, 0.76+0.06*float64(i), 0.0275)
	}
	return p.img
}

// Back draws the other side of a card.
func Back(h Holder, width int) *image.RGBA {
	p := newTable(width, holderSeed(h)+1)
	p.drawPaper(color.RGBA{238, 224, 206, 255}, color.RGBA{220, 200, 176, 255})
	p.drawEllipse(0.78, 0.36, 0.09, 0.09, color.RGBA{176, 52, 64, 255})
	for i, line := range []string{"RESIDENCE", "1 HARBOUR STREET", "ZENITH, UTOPIA", "Card " + h.Number} {
		p.drawText(goregular.TTF, line, 0.14, 0.28+0.08*float64(i), 0.03)
	}
	return p.img
}

// Selfie draws the holder in front of a wall.
func Selfie(h Holder, width int) *image.RGBA {
	p := newTable(width, holderSeed(h)+2)
	p.drawFace(0.5, 0.45, 0.18, holderSeed(h))
	return p.img
}

// page is a drawing whose places and sizes are shares of its width and height.
type page struct{ img *image.RGBA }

// holderSeed differs between holders.
func holderSeed(h Holder) (n int) {
	for _, r := range h.Surname + h.Given + h.Number {
		n = n*31 + int(r)
	}
	return n & 0xffff
}

// newTable draws a wooden table under a lamp, whose position depends on the seed.
func newTable(width, seed int) page {
	img := image.NewRGBA(image.Rect(0, 0, width, width*3/4))
	phase, lamp := float64(seed%97)/15, 0.3+float64(seed%13)/30
	// light = 0.62 + 0.25·cos(1.6·(u-lamp) + v) + 0.03·sin(phase + 40·v + 6·sin(5·u + phase)): by the sums of angles it needs
	// sines and cosines only for each column and each row.
	columns := make([][4]float64, width)
	for x := range columns {
		u := float64(x) / float64(width)
		columns[x][0], columns[x][1] = math.Sincos(1.6 * (u - lamp))
		columns[x][2], columns[x][3] = math.Sincos(6 * math.Sin(5*u+phase))
	}
	for y := range img.Rect.Dy() {
		v := float64(y) / float64(width)
		sinV, cosV := math.Sincos(v)
		sinWave, cosWave := math.Sincos(phase + 40*v)
		row := img.Pix[y*img.Stride:]
		for x, c := range columns {
			light := 0.62 + 0.25*(c[1]*cosV-c[0]*sinV) + 0.03*(sinWave*c[3]+cosWave*c[2])
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = uint8(150*light), uint8(112*light), uint8(84*light), 255
		}
	}
	return page{img}
}

// drawPaper draws a document on the table, with a pattern of fine waves.
func (p page) drawPaper(paper, wave color.RGBA) {
	w, h := float64(p.img.Rect.Dx()), float64(p.img.Rect.Dy())
	area := image.Rect(int(0.08*w), int(0.1*h), int(0.92*w), int(0.9*h))
	draw.Draw(p.img, area, image.NewUniform(paper), image.Point{}, draw.Src)
	for x := area.Min.X; x < area.Max.X; x++ {
		for i := range 24 {
			at := float64(area.Min.Y) + (float64(i)+0.5+0.4*math.Sin(float64(x)/w*30+float64(i)))*float64(area.Dy())/24
			for y := int(at); y < int(at+max(1, w/800)); y++ {
				p.img.SetRGBA(x, y, wave)
			}
		}
	}
}

func (p page) drawFace(x, y, size float64, seed int) {
	skin := color.RGBA{uint8(170 + seed%60), uint8(130 + seed%40), uint8(105 + seed%30), 255}
	hair := color.RGBA{uint8(40 + seed%90), uint8(30 + seed%50), uint8(25 + seed%20), 255}
	eyes := size * (0.36 + float64(seed%7)/60)
	p.drawEllipse(x, y-size*0.3, size*1.12, size*1.25, hair)
	p.drawEllipse(x, y+size*2.1, size*1.5, size*0.8, color.RGBA{uint8(seed % 120), uint8(seed / 3 % 120), 120, 255})
	p.drawEllipse(x, y, size*0.9, size*1.2, skin)
	p.drawEllipse(x-eyes, y-size*0.2, size*0.12, size*0.08, color.RGBA{30, 30, 40, 255})
	p.drawEllipse(x+eyes, y-size*0.2, size*0.12, size*0.08, color.RGBA{30, 30, 40, 255})
	p.drawEllipse(x, y+size*0.6, size*(0.25+float64(seed%5)/25), size*0.08, color.RGBA{160, 70, 70, 255})
}

// drawEllipse has its radii as shares of the width.
func (p page) drawEllipse(x, y, rx, ry float64, c color.RGBA) {
	w, h := float64(p.img.Rect.Dx()), float64(p.img.Rect.Dy())
	cx, cy, a, b := x*w, y*h, rx*w, ry*w
	for py := int(cy - b); py <= int(cy+b); py++ {
		half := a * math.Sqrt(max(0, 1-(float64(py)-cy)*(float64(py)-cy)/(b*b)))
		for px := int(cx - half); px <= int(cx+half); px++ {
			if image.Pt(px, py).In(p.img.Rect) {
				p.img.SetRGBA(px, py, c)
			}
		}
	}
}

// drawText writes a line; its size is a share of the width. The compiled-in fonts always parse.
func (p page) drawText(ttf []byte, line string, x, y, size float64) {
	parsed, err := opentype.Parse(ttf)
	if err != nil {
		panic(err)
	}
	w, h := float64(p.img.Rect.Dx()), float64(p.img.Rect.Dy())
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size * w, DPI: 72})
	if err != nil {
		panic(err)
	}
	pen := font.Drawer{Dst: p.img, Src: image.Black, Face: face, Dot: fixed.P(int(x*w), int(y*h))}
	pen.DrawString(line)
}
