package main

import (
	"math/rand/v2"

	"docket/internal/mrz"
	"docket/internal/mrz/specimen"
)

// set is a series of photos that are alike in one way.
type set struct {
	name   string
	kinds  []mrz.Size
	hard   float64
	widths []int // taken in turn
	change func(r *rand.Rand, c *specimen.Conditions)
}

var (
	everyday = []int{480, 640, 900, 1200, 1600}
	cards    = []mrz.Size{mrz.TD3, mrz.TD1}
)

// sets are what the table is made of: each layout, each width, and each thing that goes wrong with photos.
func sets() []set {
	none := func(*rand.Rand, *specimen.Conditions) {}
	all := []set{
		{"flat and sharp, all layouts", specimen.Kinds, 0.1, everyday, none},
		{"everyday, all layouts", specimen.Kinds, 0.5, everyday, none},
		{"hard, all layouts", specimen.Kinds, 1, everyday, none},
	}
	for _, kind := range specimen.Kinds {
		all = append(all, set{"everyday, " + string(kind), []mrz.Size{kind}, 0.5, everyday, none})
	}
	for _, width := range []int{250, 320, 400, 640, 1000, 1800} {
		all = append(all, set{widthName(width), cards, 0.4, []int{width}, none})
	}
	return append(
		all,
		set{"12 megapixels", cards, 0.5, []int{4000}, none},
		set{"on its side or upside down", cards, 0.5, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Turn = 90 * (1 + r.IntN(3)) }},
		set{"15 degrees askew", cards, 0.4, everyday, func(_ *rand.Rand, c *specimen.Conditions) { c.Skew, c.Fill = 15, min(c.Fill, 0.85) }},
		set{"strong perspective", cards, 0.4, everyday, func(_ *rand.Rand, c *specimen.Conditions) { c.Perspective, c.Fill = 0.35, min(c.Fill, 0.85) }},
		set{"two fifths of the photo's width", cards, 0.4, []int{1200, 1600}, func(_ *rand.Rand, c *specimen.Conditions) { c.Fill = 0.4 }},
		set{"touches the edges", cards, 0.3, everyday, func(_ *rand.Rand, c *specimen.Conditions) { c.Fill, c.Skew = 1.03, c.Skew/4 }},
		set{"spot of light", cards, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Glare = 0.5 + 0.4*r.Float64() }},
		set{"blurred", cards, 0.4, everyday, func(_ *rand.Rand, c *specimen.Conditions) { c.Blur = 0.25 }},
		set{"noise", cards, 0.4, everyday, func(_ *rand.Rand, c *specimen.Conditions) { c.Noise = 14 }},
		set{"JPEG of quality 40", cards, 0.4, everyday, func(_ *rand.Rand, c *specimen.Conditions) { c.Quality = 40 }},
		set{"dark table, dark corner", cards, 0.4, everyday, func(_ *rand.Rand, c *specimen.Conditions) { c.Table, c.Shade = 5, 0.6 }},
		set{"pattern below the print", specimen.Kinds, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Wear.Pattern = 0.25 + 0.3*r.Float64() }},
		set{"faint print", specimen.Kinds, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Wear.Faint = 0.55 + 0.2*r.Float64() }},
		set{"bold letters that touch", specimen.Kinds, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Wear.Stroke, c.Wear.Wide = 1, 0.15+0.1*r.Float64() }},
		set{"thin and small letters", specimen.Kinds, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Wear.Stroke, c.Wear.Wide = -1, -0.1*r.Float64() }},
		set{"scratched print", specimen.Kinds, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Wear.Broken = 0.15 + 0.3*r.Float64() }},
		set{"uneven letters", specimen.Kinds, 0.4, everyday, func(_ *rand.Rand, c *specimen.Conditions) { c.Wear.Uneven = 0.06 }},
		set{"one to three letters hidden", specimen.Kinds, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Wear.Hidden = 1 + 2*r.Float64() }},
		set{"bent page of a book", specimen.Kinds, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Bend, c.Skew = 0.01+0.02*r.Float64(), c.Skew/3 }},
		set{"moiré of a scan or screen", specimen.Kinds, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Moire = 0.1 + 0.15*r.Float64() }},
		set{"shadow of a hand", specimen.Kinds, 0.4, everyday, func(r *rand.Rand, c *specimen.Conditions) { c.Finger = 0.5 + 0.25*r.Float64() }},
		set{"JPEG of quality 40 twice", specimen.Kinds, 0.4, everyday, func(_ *rand.Rand, c *specimen.Conditions) { c.Quality, c.Again = 40, 40 }},
		set{"two or three of these at once", specimen.Kinds, 0.5, everyday, wear},
	)
}

// wear is what old documents and hasty photos have at once.
func wear(r *rand.Rand, c *specimen.Conditions) {
	c.Wear = specimen.Wear{
		Pattern: 0.3 * r.Float64(), Faint: 0.4 * r.Float64(), Stroke: 2*r.Float64() - 1, Broken: 0.2 * r.Float64(), Uneven: 0.04 * r.Float64(),
		Wide: 0.25*r.Float64() - 0.1,
	}
	c.Bend, c.Skew = 0.012*r.Float64(), c.Skew/2
	switch r.IntN(3) {
	case 0:
		c.Moire = 0.15 * r.Float64()
	case 1:
		c.Finger = 0.5 * r.Float64()
	default:
		c.Again = 40 + r.IntN(30)
	}
}
