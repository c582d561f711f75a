package photo

import (
	"os"
	"testing"
)

// A progressive photo of 24 megapixels fits into memory, since its colours are sampled at a quarter.
func TestInspectHeader_ProgressivePhoto(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/trials/progressive_24mp_5712x4284.jpg")
	if err != nil {
		t.Fatal(err)
	}
	head, err := inspectHeader(data)
	if want := 5712 * 4284 * 3 / 2 * 5; err != nil || head.bytes != want {
		t.Errorf("it takes %d bytes, %v, want %d", head.bytes, err, want)
	}
}

func TestSegments_Samples(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		components []component
		want       int // of 100 pixels
	}{
		"grey":        {[]component{{1, 2, 2}}, 100},
		"4:4:4":       {[]component{{1, 1, 1}, {2, 1, 1}, {3, 1, 1}}, 300},
		"4:2:0":       {[]component{{1, 2, 2}, {2, 1, 1}, {3, 1, 1}}, 150},
		"4:1:1":       {[]component{{1, 4, 1}, {2, 1, 1}, {3, 1, 1}}, 150},
		"4:4:4 by 2s": {[]component{{1, 2, 2}, {2, 2, 2}, {3, 2, 2}}, 300},
		"odd":         {[]component{{1, 2, 1}, {2, 1, 2}, {3, 1, 1}}, 300},
		"CMYK":        {[]component{{1, 1, 1}, {2, 1, 1}, {3, 1, 1}, {4, 1, 1}}, 400},
		"no frame":    {nil, 300},
	} {
		if got := (segments{components: c.components}).samples(100); got != c.want {
			t.Errorf("%s: %d samples, want %d", name, got, c.want)
		}
	}
}
