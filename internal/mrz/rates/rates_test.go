package main

import (
	"slices"
	"testing"
)

// Photos that were sure but wrong before what does not fit was doubted: each for another reason.
func TestMeasure_SureButWrong(t *testing.T) {
	t.Parallel()
	for _, photo := range []struct {
		set  string
		i    int
		seed uint64
		why  string
	}{
		{"everyday, TD2", 15, 101, "its digit holds with each O of the number read as 0, too"},
		{"everyday, MRV-B", 15, 101, "the same"},
		{"two or three of these at once", 6, 101, "F for the P of a passport"},
		{"two or three of these at once", 6, 103, "J for S"},
		{"scratched print", 13, 105, "T for I"},
		{"one to three letters hidden", 6, 105, "a spot of light is read as X1"},
	} {
		at := slices.IndexFunc(sets(), func(s set) bool { return s.name == photo.set })
		taken, kind, err := sets()[at].take(photo.i, photo.seed)
		if err != nil {
			t.Fatal(err)
		}
		var c counts
		if err := c.read(t.Context(), taken, kind, nil); err != nil {
			t.Fatal(err)
		}
		if c.found != 1 || c.sureWrong+c.nameWrong > 0 {
			t.Errorf("%s, photo %d of seed %d, %s: got %+v", photo.set, photo.i, photo.seed, photo.why, c)
		}
	}
}
