package retake_test

import (
	"testing"

	"docket/internal/form/formfile"
	"docket/internal/form/retake"
)

func TestPhotos_OnlyPhotos(t *testing.T) {
	t.Parallel()
	f := formfile.Default()
	for _, c := range []struct {
		codes []string
		want  []string
	}{
		{[]string{"image_blurry"}, []string{"document_front"}},
		{[]string{"image_blurry", "image_dark", "selfie_unclear"}, []string{"document_front", "selfie"}},
		{[]string{"image_blurry", "name_mismatch"}, nil},
		{[]string{"image_blurry", "unknown"}, nil},
		{nil, nil},
	} {
		got := retake.Photos(f, c.codes)
		if len(got) != len(c.want) {
			t.Errorf("%v: got %d photos, want %v", c.codes, len(got), c.want)
			continue
		}
		for i, name := range c.want {
			if got[i].Name != name {
				t.Errorf("%v: got %q, want %q", c.codes, got[i].Name, name)
			}
		}
	}
}
