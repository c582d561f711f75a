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
	)
}
