package photo_test

import (
	"image"
	"math/bits"
	"slices"
	"testing"

	"docket/internal/photo"
	"docket/internal/testkit/testpicture"
)

func TestWarnings_Photos(t *testing.T) {
	t.Parallel()
	const width = 1200
	front := testpicture.Front(testpicture.Anna, width)
	for name, photo := range map[string]struct {
		img  *image.RGBA
		want []photo.Warning
	}{
		"good":                     {front, nil},
		"back":                     {testpicture.Back(testpicture.Anna, width), nil},
		"selfie":                   {testpicture.Selfie(testpicture.Anna, width), nil},
		"in dim light":             {testpicture.Brightened(front, 0.5), nil},
		"a little out of focus":    {testpicture.Blurred(front, 0.002), nil},
		"out of focus":             {testpicture.Blurred(front, 0.01), []photo.Warning{photo.Blurry}},
		"at night":                 {testpicture.Brightened(front, 0.2), []photo.Warning{photo.Dark}},
		"below a lamp":             {testpicture.WithGlare(front, 0.6, 0.5, 0.06), []photo.Warning{photo.Glare}},
		"lamp at the edge":         {testpicture.WithGlare(front, 0.5, 0, 0.06), nil},
		"lamp far away":            {testpicture.WithGlare(front, 0.6, 0.5, 0.01), nil},
		"photocopy":                {testpicture.Greyscale(front), []photo.Warning{photo.Grey}},
		"few pixels":               {testpicture.Front(testpicture.Anna, 900), []photo.Warning{photo.Small}},
		"dark and out of focus":    {testpicture.Brightened(testpicture.Blurred(front, 0.02), 0.2), []photo.Warning{photo.Blurry, photo.Dark}},
		"burnt out all over":       {testpicture.Brightened(front, 1.4), []photo.Warning{photo.Overexposed}},
		"few pixels, out of focus": {testpicture.Blurred(testpicture.Front(testpicture.Anna, 900), 0.015), []photo.Warning{photo.Blurry, photo.Small}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := read(t, testpicture.JPEG(photo.img, 85)).Signals
			if got := s.Warnings(); !slices.Equal(got, photo.want) {
				t.Errorf("got %v, want %v: %+v", got, photo.want, s)
			}
		})
	}
}

func TestBlur_EveryCamera(t *testing.T) {
	t.Parallel()
	var sharp, blurred []float64
	widths := []int{1000, 1600, 3200}
	if testing.Short() {
		widths = widths[:2]
	}
	for _, width := range widths {
		front := testpicture.Front(testpicture.Anna, width)
		sharp = append(sharp, read(t, testpicture.JPEG(front, 85)).Signals.Blur)
		blurred = append(blurred, read(t, testpicture.JPEG(testpicture.Blurred(front, 0.012), 85)).Signals.Blur)
	}
	if slices.Max(sharp) > 1.5*slices.Min(sharp) {
		t.Errorf("in focus, by width: %.0f", sharp)
	}
	if slices.Min(sharp) < 50*slices.Max(blurred) {
		t.Errorf("in focus %.0f, out of focus %.0f: too close", sharp, blurred)
	}
}

func TestHash_SamePhoto(t *testing.T) {
	t.Parallel()
	hash := func(file []byte) uint64 { return read(t, file).Signals.Hash }
	front := testpicture.Front(testpicture.Anna, 1200)
	original := hash(testpicture.JPEG(front, 90))
	for name, file := range map[string][]byte{
		"saved again":       testpicture.JPEG(front, 40),
		"saved badly":       testpicture.JPEG(front, 5),
		"much brighter":     testpicture.JPEG(testpicture.Brightened(front, 1.2), 85),
		"as PNG":            testpicture.PNG(front),
		"smaller":           testpicture.JPEG(testpicture.Front(testpicture.Anna, 700), 85),
		"brighter":          testpicture.JPEG(testpicture.Brightened(front, 1.1), 85),
		"darker":            testpicture.JPEG(testpicture.Brightened(front, 0.7), 85),
		"out of focus":      testpicture.JPEG(testpicture.Blurred(front, 0.01), 85),
		"photocopied":       testpicture.JPEG(testpicture.Greyscale(front), 85),
		"held another way":  testpicture.WithEXIF(testpicture.JPEG(testpicture.Rotated(front, 8), 85), 8),
		"without its EXIF":  read(t, testpicture.WithEXIF(testpicture.JPEG(front, 85), 1)).JPEG,
		"with another file": append(testpicture.JPEG(front, 85), "<html>"...),
	} {
		if got := hash(file); bits.OnesCount64(original^got) >= photo.DistinctBits {
			t.Errorf("%s: %016x is not like %016x", name, got, original)
		}
	}
	for name, img := range map[string]*image.RGBA{
		"another's document": testpicture.Front(testpicture.Bo, 1200),
		"the back":           testpicture.Back(testpicture.Anna, 1200),
		"the face":           testpicture.Selfie(testpicture.Anna, 1200),
	} {
		if got := hash(testpicture.JPEG(img, 90)); bits.OnesCount64(original^got) < photo.DistinctBits {
			t.Errorf("%s: %016x is like %016x", name, got, original)
		}
	}
}

func TestWarnings_EveryOne(t *testing.T) {
	t.Parallel()
	worst := photo.Signals{Glare: 1, Burnt: 1, Grey: 1}
	if got := worst.Warnings(); !slices.Equal(got, photo.Warnings) {
		t.Errorf("a black, blurred, small, burnt, grey photo has %v, want every warning: %v", got, photo.Warnings)
	}
}
