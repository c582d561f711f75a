package country_test

import (
	"slices"
	"testing"

	"docket/internal/country"
)

func TestList_ISO3166(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, c := range country.List("en") {
		if len(c.Code) != 3 || c.Name == "" || names[c.Code] != "" {
			t.Errorf("odd or repeated country %q", c)
		}
		names[c.Code] = c.Name
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

func TestList_SortedByName(t *testing.T) {
	t.Parallel()
	all := country.List("en")
	if got := []string{all[0].Code, all[1].Code, all[2].Code, all[248].Code}; !slices.Equal(got, []string{"AFG", "ALA", "ALB", "ZWE"}) {
		t.Errorf("got %v first and last", got)
	}
}

func TestList_Languages(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, c := range country.List("vi") {
		names[c.Code] = c.Name
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
