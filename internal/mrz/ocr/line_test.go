package ocr_test

import (
	"errors"
	"image"
	"math/rand/v2"
	"testing"

	"docket/internal/mrz"
	"docket/internal/mrz/ocr"
	"docket/internal/mrz/specimen"
)

// Lines alone, as other programs cut them out: of all lengths, small and large, with little around them.
func TestReadLine_Crops(t *testing.T) {
	t.Parallel()
	exact, lines := 0, 0
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 9303))
		kind := specimen.Kinds[seed%uint64(len(specimen.Kinds))]
		for _, want := range specimen.NewText(r, kind) {
			img, err := specimen.DrawCrop(r, []string{want}, []int{600, 900, 1400, 2000}[seed%4])
			if err != nil {
				t.Fatal(err)
			}
			lines++
			got, err := ocr.ReadLine(t.Context(), img)
			if err == nil && got.Text == want {
				exact++
			} else {
				t.Logf("%v: got %q of %s, %.2f, %v, want\n%q", img.Rect.Size(), got.Text, got.Size, got.Confidence, err, want)
			}
		}
	}
	t.Logf("%d of %d lines are exact", exact, lines)
	if exact*100 < lines*88 {
		t.Errorf("%d of %d lines are exact", exact, lines)
	}
}

// Two or three lines with little around them are a zone.
func TestReadPicture_Crops(t *testing.T) {
	t.Parallel()
	exact, lines := 0, 0
	for seed := range uint64(9) {
		r := rand.New(rand.NewPCG(seed, 9303))
		kind := specimen.Kinds[seed%uint64(len(specimen.Kinds))]
		want := specimen.NewText(r, kind)
		img, err := specimen.DrawCrop(r, want, []int{600, 1000, 2000}[seed/3])
		if err != nil {
			t.Fatal(err)
		}
		zone, err := ocr.ReadPicture(t.Context(), img)
		for i, line := range want {
			lines++
			if err == nil && i < len(zone.Lines) && zone.Lines[i] == line {
				exact++
			} else {
				t.Logf("%v: got %q, %v, want\n%q", img.Rect.Size(), zone.Lines, err, want)
			}
		}
	}
	t.Logf("%d of %d lines are exact", exact, lines)
	if exact*100 < lines*88 {
		t.Errorf("%d of %d lines are exact", exact, lines)
	}
}

func TestReadLine_NoLine(t *testing.T) {
	t.Parallel()
	for name, img := range map[string]image.Image{
		"blank": image.NewGray(image.Rect(0, 0, 600, 22)), "empty": image.NewGray(image.Rectangle{}), "low": image.NewGray(image.Rect(0, 0, 600, 4)),
		"narrow": image.NewGray(image.Rect(0, 0, 20, 600)), "the page above a zone": take(t, 5, mrz.TD3, 600, 0, 0).Image.SubImage(image.Rect(0, 0, 600, 60)),
	} {
		if line, err := ocr.ReadLine(t.Context(), img); !errors.Is(err, ocr.ErrNoZone) {
			t.Errorf("%s: got %+v, %v", name, line, err)
		}
	}
}
