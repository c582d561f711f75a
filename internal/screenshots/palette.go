package main

import (
	"cmp"
	"image"
	"image/color"
	"maps"
	"slices"
)

const (
	flatColours  = 96                // of the palette are what most of a page has
	photoColours = 256 - flatColours // are those that its photos need
)

// paletteOf is 256 colours that suit a picture: the commonest of it, so that flat areas stay flat, and the commonest of its coarse ones.
func paletteOf(picture image.Image) color.Palette {
	exact, coarse := map[color.RGBA]int{}, map[color.RGBA]int{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			c := opaque(picture.At(x, y))
			exact[c]++
			coarse[color.RGBA{c.R&^15 | 8, c.G&^15 | 8, c.B&^15 | 8, 255}]++
		}
	}
	return append(commonest(exact, flatColours), commonest(coarse, photoColours)...)
}

func opaque(c color.Color) color.RGBA {
	r, g, b, _ := c.RGBA()
	return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}
}

// commonest are the colours that are counted most.
func commonest(counts map[color.RGBA]int, most int) (colours color.Palette) {
	sorted := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(valueOf(a), valueOf(b)))
	})
	for _, c := range sorted[:min(most, len(sorted))] {
		colours = append(colours, c)
	}
	return colours
}

// valueOf orders colours that are counted as often.
func valueOf(c color.RGBA) int { return int(c.R)<<16 | int(c.G)<<8 | int(c.B) }
