package photo_test

import (
	"bytes"
	"image/jpeg"
	"testing"

	"docket/internal/photo"
	"docket/internal/testkit/testpicture"
)

func TestRead_Previews(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		width, turned int
		want          map[int][2]int
	}{
		"a large one":       {3600, 1, map[int][2]int{480: {480, 360}, 1000: {1000, 750}, 1600: {1600, 1200}}},
		"one held sideways": {2000, 6, map[int][2]int{480: {360, 480}, 1000: {750, 1000}, 1600: {1200, 1600}}},
		"a small one":       {800, 1, map[int][2]int{480: {480, 360}, 1000: {800, 600}}},
		"a thumbnail":       {400, 1, map[int][2]int{480: {400, 300}}},
	} {
		drawn := testpicture.Front(testpicture.Anna, c.width)
		p, err := photo.Read(t.Context(), testpicture.WithEXIF(testpicture.JPEG(drawn, 85), c.turned), nil)
		if err != nil {
			t.Fatal(err)
		}
		again, err := photo.ReadPreviews(t.Context(), p.JPEG)
		if err != nil {
			t.Fatal(err)
		}
		for _, previews := range []photo.Previews{p.Previews, again} {
			got := map[int][2]int{}
			for size, data := range previews {
				config, err := jpeg.DecodeConfig(bytes.NewReader(data))
				if err != nil {
					t.Fatal(err)
				}
				got[size] = [2]int{config.Width, config.Height}
			}
			if len(got) != len(c.want) {
				t.Errorf("%s: got previews %v, want %v", name, got, c.want)
			}
			for size, want := range c.want {
				if got[size] != want {
					t.Errorf("%s: the preview of %d has %v pixels, want %v", name, size, got[size], want)
				}
			}
		}
	}
}

// A review page of three photos takes 180 KB: small previews, and a stage.
func TestRead_PreviewBytes(t *testing.T) {
	t.Parallel()
	p, err := photo.Read(t.Context(), testpicture.JPEG(testpicture.Front(testpicture.Anna, 3000), 90), nil)
	if err != nil {
		t.Fatal(err)
	}
	for size, most := range map[int]int{480: 25_000, 1000: 70_000, 1600: 130_000} {
		if got := len(p.Previews[size]); got > most || got < most/5 {
			t.Errorf("the preview of %d takes %d bytes, want at most %d", size, got, most)
		}
	}
}

func TestReadPreviews_Broken(t *testing.T) {
	t.Parallel()
	data := testpicture.JPEG(testpicture.Front(testpicture.Anna, 1200), 85)
	for name, broken := range map[string][]byte{"nothing": nil, "half of one": data[:len(data)/2]} {
		if previews, err := photo.ReadPreviews(t.Context(), broken); err == nil {
			t.Errorf("%s has %d previews", name, len(previews))
		}
	}
}
