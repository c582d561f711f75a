package theme

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// colour is red, green and blue from 0 to 255.
type colour [3]float64

// leastContrast is what WCAG asks for between a text and what is behind it.
const leastContrast = 4.5

// What an accent stands on, and what stands on it: the backgrounds of app.css that are nearest to it.
var (
	white     = colour{255, 255, 255}
	black     = colour{0, 0, 0}
	lightTint = colour{0xf1, 0xf0, 0xec}
	lightPage = colour{0xff, 0xff, 0xff}
	darkTint  = colour{0x22, 0x26, 0x2a}
	darkPage  = colour{0x1a, 0x1d, 0x20}
	darkText  = colour{0x0c, 0x0e, 0x10} // on an accent
)

var hexColour = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`) })

// ErrColour says that a text is no colour.
var ErrColour = errors.New("must be a colour such as #0a6 or #00aa66")

func parseColour(text string) (colour, error) {
	if !hexColour().MatchString(text) {
		return colour{}, ErrColour
	}
	digits := text[1:]
	if len(digits) == 3 {
		digits = strings.Repeat(digits[:1], 2) + strings.Repeat(digits[1:2], 2) + strings.Repeat(digits[2:], 2)
	}
	number, _ := strconv.ParseUint(digits, 16, 32) // hexadecimal digits
	return colour{float64(number >> 16), float64(number >> 8 & 0xff), float64(number & 0xff)}, nil
}

func (c colour) String() string {
	return fmt.Sprintf("#%02x%02x%02x", int(math.Round(c[0])), int(math.Round(c[1])), int(math.Round(c[2])))
}

// mix is c with a share of another colour.
func (c colour) mix(other colour, share float64) (mixed colour) {
	for i := range c {
		mixed[i] = math.Round(c[i]*(1-share) + other[i]*share)
	}
	return mixed
}

// luminance is how bright a colour is, as WCAG computes it.
func (c colour) luminance() float64 {
	var linear colour
	for i, value := range c {
		if value /= 255; value <= 0.04045 {
			linear[i] = value / 12.92
		} else {
			linear[i] = math.Pow((value+0.055)/1.055, 2.4)
		}
	}
	return 0.2126*linear[0] + 0.7152*linear[1] + 0.0722*linear[2]
}

// contrast is that of two colours, from 1 to 21.
func contrast(a, b colour) float64 {
	bright, dark := max(a.luminance(), b.luminance()), min(a.luminance(), b.luminance())
	return (bright + 0.05) / (dark + 0.05)
}

// palette is the colours that an accent makes in one mode.
type palette struct{ accent, deep, tint, on colour }

// paletteOf is a palette in which every text can be read: the accent is mixed with the colour towards until it stands out from the page,
// from its own tint, and from what is written on it.
func paletteOf(accent, page, tinted, on, towards colour) palette {
	for share := 0.0; ; share += 0.02 {
		p := palette{accent: accent.mix(towards, min(share, 1)), on: on}
		p.tint, p.deep = page.mix(p.accent, 0.1), p.accent.mix(towards, 0.3)
		readable := share >= 1
		if !readable {
			readable = contrast(p.accent, on) >= leastContrast
			for _, behind := range []colour{page, tinted, p.tint} {
				readable = readable && contrast(p.accent, behind) >= leastContrast
			}
		}
		if readable {
			return p
		}
	}
}

func (p palette) css() string {
	return fmt.Sprintf(":root { --accent: %s; --accent-deep: %s; --accent-tint: %s; --on-accent: %s; }", p.accent, p.deep, p.tint, p.on)
}

// NewStyle is the stylesheet of an accent such as #0a6. A colour in which texts could not be read is made darker for light pages, and
// lighter for dark ones. It returns ErrColour when that is no colour.
func NewStyle(accent string) (*Asset, error) {
	c, err := parseColour(accent)
	if err != nil {
		return nil, err
	}
	light, dark := paletteOf(c, lightPage, lightTint, white, black), paletteOf(c, darkPage, darkTint, darkText, white)
	css := light.css() + "\n@media (prefers-color-scheme: dark) { " + dark.css() + " }\n"
	return newAsset("theme", ".css", "text/css; charset=utf-8", []byte(css)), nil
}
