package theme

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestStyle_EveryAccentCanBeRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"#0a6", "#000", "#fff", "#ffff00", "#ff0000", "#0000ff", "#808080", "#00aa66", "#f5a3c7", "#0a5c6e"} {
		c, err := parseColour(text)
		if err != nil {
			t.Fatal(err)
		}
		for mode, p := range map[string]palette{"light": paletteOf(c, lightPage, lightTint, white, black), "dark": paletteOf(c, darkPage, darkTint, darkText, white)} {
			page, tinted := lightPage, lightTint
			if mode == "dark" {
				page, tinted = darkPage, darkTint
			}
			for what, behind := range map[string]colour{"what is on it": p.on, "the page": page, "a tint": tinted, "its tint": p.tint} {
				if got := contrast(p.accent, behind); got < leastContrast {
					t.Errorf("%s, %s: %s has a contrast of %.2f with %s", text, mode, p.accent, got, what)
				}
			}
		}
	}
	if c, _ := parseColour("#0a5c6e"); paletteOf(c, lightPage, lightTint, white, black).accent != c {
		t.Error("an accent that can be read was changed")
	}
	for _, wrong := range []string{"", "0a6", "#0a", "red", "#0a6;}body{", "rgb(1,2,3)"} {
		if _, err := NewStyle(wrong); err == nil {
			t.Errorf("%q was taken as a colour", wrong)
		}
	}
}

func TestLogo_ShapesAlone(t *testing.T) {
	t.Parallel()
	svg := func(inside string) string {
		return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">` + inside + `</svg>`
	}
	for text, want := range map[string]string{
		svg(`<path d="M0 0h9" fill="url(#a)"/><use href="#a"/>`): "",
		`<?xml version="1.0"?>` + svg(`<g/>`):                    "",
		svg(`<script>alert(1)</script>`):                         "<script> is not taken",
		svg(`<foreignObject/>`):                                  "<foreignObject> is not taken",
		svg(`<image href="#a"/>`):                                "<image> is not taken",
		svg(`<style>a{}</style>`):                                "<style> is not taken",
		svg(`<path onclick="x"/>`):                               "onclick is not taken",
		svg(`<path style="fill:url(https://a.example)"/>`):       "style is not taken",
		svg(`<use href="https://a.example#a"/>`):                 "href leads out",

		svg(`<use xmlns:x="http://www.w3.org/1999/xlink" x:href="data:image/svg+xml,a"/>`): "href leads out",

		svg(`<path fill="url(https://a.example)"/>`):              "fill leads out",
		svg(`<path fill="url( https://a.example)"/>`):             "fill leads out",
		svg(`<h:script xmlns:h="http://www.w3.org/1999/xhtml"/>`): "<script> is not taken",
		svg(`<a href="#x"/>`):                                     "<a> is not taken",
		`<!DOCTYPE svg [<!ENTITY a "b">]>` + svg(""):              "DOCTYPE",
		`<?xml-stylesheet href="https://a.example"?>` + svg(""):   "<?xml-stylesheet is not taken",
		`<html xmlns="http://www.w3.org/1999/xhtml"/>`:            "this is no SVG",
		`<svg xmlns="http://www.w3.org/2000/svg">`:                "its XML is broken",
		"": "its XML is broken",
		"<svg>" + strings.Repeat("x", maxLogo) + "</svg>": "larger than 200 KB",
	} {
		folder := t.TempDir()
		if err := os.WriteFile(filepath.Join(folder, "logo.svg"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := ReadLogo(folder, "logo.svg")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.120s: got %v, want %q", text, err, want)
		}
	}
}
