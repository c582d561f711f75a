package ocr

import (
	"math/rand/v2"
	"testing"

	"docket/internal/mrz"
	"docket/internal/mrz/specimen"
)

// The lines of a zone whose digits do not hold are read once in each look, not again two by two.
func TestReadGroups_SurelyCut(t *testing.T) {
	t.Parallel()
	text := specimen.NewText(rand.New(rand.NewPCG(3, 9303)), mrz.TD1)
	text[1] = "740812" + string('0'+(text[1][6]-'0'+1)%10) + text[1][7:]
	page := specimen.NewCanvas(900, 560, 230)
	for i, line := range text {
		specimen.Letters().DrawLine(page, 0, line, 50, 360+70*float64(i), 26, 1, 25, 1)
	}
	p, _, err := newPlane(t.Context(), page.Image(), longestSide)
	if err != nil {
		t.Fatal(err)
	}
	f := newFinder(p, false)
	c, err := f.look(t.Context(), looks[0])
	if err != nil {
		t.Fatal(err)
	}
	if c.size != mrz.TD1 || c.held == c.digits || c.least < surelyCut {
		t.Errorf("read %q, %d of %d digits hold, each line is %.2f sure", c.lines(), c.held, c.digits, c.least)
	}
	if f.readings != 1 {
		t.Errorf("lines were read %d times, want once", f.readings)
	}
}
