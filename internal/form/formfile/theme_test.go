package formfile_test

import (
	"strings"
	"testing"

	"docket/internal/form/formfile"
)

func TestParse_Theme(t *testing.T) {
	t.Parallel()
	for theme, want := range map[string]string{
		"{accent: '#0a6', name: Shop, support: 'https://shop.example/help', logo: logo.svg}": "",
		"{accent: green}":                  `line 3, column 17: "accent" must be a colour such as #0a6`,
		"{support: 'javascript:alert(1)'}": `"support" must be an address such as mailto:`,
		"{support: 'http://shop.example'}": `"support" must be an address such as mailto:`,
		"{logo: ../logo.svg}":              `"../logo.svg" must be the name of an SVG or PNG file`,
		"{logo: logo.gif}":                 `"logo.gif" must be the name of an SVG or PNG file`,
		"{color: red}":                     `unknown key "color"`,
	} {
		_, err := formfile.Parse([]byte("name: x\ntitle: X\ntheme: " + theme + "\nfields: [{name: a, label: A}]\n"))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got %v, want %q", theme, err, want)
		}
	}
	_, err := formfile.ParseIn([]byte("name: x\ntitle: X\ntheme: {logo: logo.svg}\nfields: [{name: a, label: A}]\n"), t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "logo.svg: there is no such file") {
		t.Errorf("got %v, want that the logo is missing", err)
	}
}
