package main

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"docket/internal/mrz/letters"
	"docket/internal/mrz/specimen"
)

// styles are those of the font that have every letter in a form that x/image can draw: with round ends (white on black in the font) and
// with sharp ones.
var styles = []string{"OCRBE.otf", "OCRBS.otf"}

// drawSheet draws the letters of the styles, one row a style.
func drawSheet(folder string) ([]byte, error) {
	var rows []*image.Gray
	for _, file := range styles {
		row, err := drawStyle(filepath.Join(folder, file))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		rows = append(rows, row)
	}
	sheet := image.NewGray(image.Rect(0, 0, specimen.SheetPitch*len(letters.Alphabet), specimen.SheetHeight*len(rows)))
	for i, row := range rows {
		draw.Draw(sheet, row.Rect.Add(image.Pt(0, i*specimen.SheetHeight)), row, image.Point{}, draw.Src)
	}
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, sheet); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// drawStyle draws all letters in black on white. It refuses a style in which one is missing.
func drawStyle(file string) (*image.Gray, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	parsed, err := opentype.Parse(content)
	if err != nil {
		return nil, err
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 100, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		return nil, err
	}
	row := image.NewGray(image.Rect(0, 0, specimen.SheetPitch*len(letters.Alphabet), specimen.SheetHeight))
	draw.Draw(row, row.Rect, image.White, image.Point{}, draw.Src)
	for k, letter := range letters.Alphabet {
		d := font.Drawer{Dst: row, Src: image.Black, Face: face, Dot: fixed.P(k*specimen.SheetPitch, specimen.SheetBaseline)}
		advance, ok := face.GlyphAdvance(letter)
		if !ok {
			return nil, fmt.Errorf("no %c", letter)
		}
		d.Dot.X += (fixed.I(specimen.SheetPitch) - advance) / 2
		d.DrawString(string(letter))
	}
	if inkOf(row, 0) > 0.5 {
		for i, v := range row.Pix {
			row.Pix[i] = 255 - v
		}
	}
	for k, letter := range letters.Alphabet {
		if share := inkOf(row, k); share < 0.05 || share > 0.5 {
			return nil, fmt.Errorf("%c cannot be drawn", letter)
		}
	}
	return row, nil
}

// inkOf is the share of a letter's place that is black.
func inkOf(row *image.Gray, k int) float64 {
	ink := 0
	for y := range specimen.SheetHeight {
		for _, v := range row.Pix[y*row.Stride+k*specimen.SheetPitch:][:specimen.SheetPitch] {
			ink += 255 - int(v)
		}
	}
	return float64(ink) / 255 / specimen.SheetPitch / specimen.SheetHeight
}
