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
	if len(names) != 250 {
		t.Errorf("got %d countries, want the 249 of ISO 3166-1, and Kosovo", len(names))
	}
	for code, want := range map[string]string{
		"VNM": "Vietnam", "DEU": "Germany", "USA": "United States", "ALA": "Åland Islands", "SSD": "South Sudan",
		"PSE": "Palestinian Territories", "TWN": "Taiwan", "MKD": "North Macedonia", "SWZ": "Eswatini", "TUR": "Türkiye", "XKX": "Kosovo",
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
	if got := []string{all[0].Code, all[1].Code, all[2].Code, all[249].Code}; !slices.Equal(got, []string{"AFG", "ALA", "ALB", "ZWE"}) {
		t.Errorf("got %v first and last", got)
	}
}

func TestList_Languages(t *testing.T) {
	t.Parallel()
	names := map[string]string{}
	for _, c := range country.List("vi") {
		names[c.Code] = c.Name
	}
	if len(names) != 250 {
		t.Errorf("got %d countries, want 250", len(names))
	}
	for code, want := range map[string]string{"VNM": "Việt Nam", "DEU": "Đức", "MKD": "Bắc Macedonia", "TUR": "Thổ Nhĩ Kỳ"} {
		if names[code] != want {
			t.Errorf("%s: got %q, want %q", code, names[code], want)
		}
	}
}

func TestListOfDocuments_WithoutCountry(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{"en", "vi"} {
		all, places := country.ListOfDocuments(locale), country.List(locale)
		if len(all) != len(places)+23 || all[len(places)].Code != "XXA" {
			t.Errorf("%s: %d beside %d countries", locale, len(all)-len(places), len(places))
		}
		for _, c := range all[len(places):] {
			if c.Name == "" || c.Name == "country."+c.Code {
				t.Errorf("%s: %s has no name", locale, c.Code)
			}
		}
	}
	for code, want := range map[string]bool{"XKX": true, "VNM": true, "XXA": false, "UNO": false, "": false, "RKS": false} {
		if got := country.IsPlace(code); got != want {
			t.Errorf("%s is a place: %t", code, got)
		}
	}
	for code, want := range map[string]string{"D": "DEU", "RKS": "XKX", "XKK": "XKX", "VNM": "VNM", "XXB": "XXB", "": ""} {
		if got := country.Canonical(code); got != want {
			t.Errorf("%s is %s, want %s", code, got, want)
		}
	}
}
