package form_test

import (
	"slices"
	"testing"

	"docket/internal/form"
)

func TestCountriesAreThoseOfISO3166(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, option := range form.Countries("en") {
		if len(option.Value) != 3 || option.Label == "" || names[option.Value] != "" {
			t.Errorf("odd or repeated country %q", option)
		}
		names[option.Value] = option.Label
	}
	if len(names) != 249 {
		t.Errorf("got %d countries, want the 249 of ISO 3166-1", len(names))
	}
	for code, want := range map[string]string{
		"VNM": "Vietnam", "DEU": "Germany", "USA": "United States", "ALA": "Åland Islands", "SSD": "South Sudan",
		"PSE": "Palestinian Territories", "TWN": "Taiwan", "MKD": "North Macedonia", "SWZ": "Eswatini", "TUR": "Türkiye",
		"ZZZ": "", "EUE": "", "QUU": "", "SUN": "", "YUG": "", "SCG": "", "ANT": "", "DDR": "", "ASC": "", "XXX": "", "": "",
	} {
		if names[code] != want {
			t.Errorf("%s: got %q, want %q", code, names[code], want)
		}
	}
}

func TestCountriesAreSortedByName(t *testing.T) {
	t.Parallel()
	all := form.Countries("en")
	if got := []string{all[0].Value, all[1].Value, all[2].Value, all[248].Value}; !slices.Equal(got, []string{"AFG", "ALA", "ALB", "ZWE"}) {
		t.Errorf("got %v first and last", got)
	}
	all[0] = form.Option{}
	if form.Countries("en")[0].Value != "AFG" {
		t.Error("a caller changed the list for everybody")
	}
}

func TestCountriesAreNamedInTheLanguage(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, option := range form.Countries("vi") {
		names[option.Value] = option.Label
	}
	if len(names) != 249 {
		t.Errorf("got %d countries, want 249", len(names))
	}
	for code, want := range map[string]string{"VNM": "Việt Nam", "DEU": "Đức", "MKD": "Bắc Macedonia", "TUR": "Thổ Nhĩ Kỳ"} {
		if names[code] != want {
			t.Errorf("%s: got %q, want %q", code, names[code], want)
		}
	}
}
