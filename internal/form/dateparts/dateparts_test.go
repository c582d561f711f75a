package dateparts_test

import (
	"maps"
	"testing"

	"docket/internal/form/dateparts"
)

func TestFold_AndSplit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ day, month, year, want string }{
		{"1", "2", "1990", "1990-02-01"},
		{"31", " 12 ", "1985", "1985-12-31"},
		{"", "", "1985", "1985"},
		{"", "3", "1985", "1985-03"},
		{"", "", "", ""},
		{"7", "", "", "--07"},
		{"31", "January", "1990", "1990-January-31"},
		{"-1", "2", "90", "90-02-01"},
		{"２", "３", "１９８５", "1985-03-02"},
		{"٢", "١٢", "١٩٨٥", "1985-12-02"},
	} {
		got := dateparts.Fold(map[string]string{"day": test.day, "month": test.month, "year": test.year})
		if got != test.want {
			t.Errorf("%q %q %q: got %q, want %q", test.day, test.month, test.year, got, test.want)
		}
		if parts := dateparts.Split(got); dateparts.Fold(parts) != got {
			t.Errorf("%q is divided into %v", got, maps.Collect(maps.All(parts)))
		}
	}
}
