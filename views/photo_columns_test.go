package views

import "testing"

func TestComparedColumns(t *testing.T) {
	t.Parallel()
	wide, high, unknown := Measurements{Width: 1600, Height: 1200}, Measurements{Width: 1200, Height: 1600}, Measurements{}
	for _, tt := range []struct {
		left, right Measurements
		want        string
	}{
		{wide, wide, "6"},
		{wide, high, "8"},
		{high, wide, "4"},
		{high, high, ""},
		{unknown, unknown, "6"},
		{Measurements{Width: 9000, Height: 1000}, high, "8"},
	} {
		shown := []galleryPhoto{{Measurements: tt.left, Side: "left"}, {Measurements: wide}, {Measurements: tt.right, Side: "right"}}
		if got := comparedColumns(shown); got != tt.want {
			t.Errorf("%v beside %v: %q, want %q", tt.left, tt.right, got, tt.want)
		}
	}
	if got := comparedColumns([]galleryPhoto{{Measurements: wide}}); got != "" {
		t.Errorf("one picture alone: %q, want none", got)
	}
}
