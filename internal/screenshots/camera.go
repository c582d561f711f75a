package main

import (
	"bytes"
	"fmt"
	"html/template"
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/playwright-community/playwright-go"
)

const mostBytes = 300_000 // of a picture for README and docs

// screens are the sizes of window that every page is taken in.
var screens = []playwright.Size{{Width: 360, Height: 740}, {Width: 768, Height: 1024}, {Width: 1280, Height: 800}, {Width: 1440, Height: 900}, {Width: 1920, Height: 1080}}

var schemes = []*playwright.ColorScheme{playwright.ColorSchemeLight, playwright.ColorSchemeDark}

// inDocs are the pictures that README and docs show: of which page, and how wide the window is.
var inDocs = map[string]int{"review-claimed": 1280, "form": 360}

// camera takes pictures of pages and keeps them in a folder.
type camera struct {
	out, docs string
	only      *regexp.Regexp // what is taken, by fileName
	taken     []string       // the pages, in the order in which they were taken
	said      []string       // what browsers have found wrong
}

// broken is what a browser says of a request whose page is left, or whose site stops, before the answer.
const broken = "Failed to fetch"

// listen notes what a browser finds wrong with a page, but for answers that are no success, which belong to some states, and for broken
// requests: pages ask their site again and again.
func (c *camera) listen(page playwright.Page) {
	page.OnConsole(func(m playwright.ConsoleMessage) {
		if (m.Type() == "error" || m.Type() == "warning") && !strings.HasPrefix(m.Text(), "Failed to load resource") && !strings.Contains(m.Text(), broken) {
			c.said = append(c.said, page.URL()+": "+m.Text())
		}
	})
	page.OnPageError(func(err error) { c.said = append(c.said, page.URL()+": "+err.Error()) })
}

func (c *camera) prepare() error {
	for _, dir := range []string{c.out, c.docs} {
		if dir == "" {
			continue
		}
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// take takes a page in every size, light and dark.
func (c *camera) take(page playwright.Page, name string) error {
	for _, screen := range screens {
		for _, scheme := range schemes {
			if err := c.takeOne(page, name, screen, scheme); err != nil {
				return fmt.Errorf("take %s: %w", name, err)
			}
		}
	}
	c.taken = append(c.taken, name)
	return nil
}

func (c *camera) takeOne(page playwright.Page, name string, screen playwright.Size, scheme *playwright.ColorScheme) error {
	file := fileName(name, screen.Width, string(*scheme))
	if !c.only.MatchString(file) {
		return nil
	}
	if err := page.SetViewportSize(screen.Width, screen.Height); err != nil {
		return err
	}
	if err := page.Mouse().Move(0, 0); err != nil { // nothing is under it
		return err
	}
	if err := page.EmulateMedia(playwright.PageEmulateMediaOptions{ColorScheme: scheme}); err != nil {
		return err
	}
	// To hide the caret, the driver needs an inline style, which the page's policy refuses.
	options := playwright.PageScreenshotOptions{FullPage: new(true), Caret: playwright.ScreenshotCaretInitial, Timeout: new(waitTime)}
	picture, err := page.Screenshot(options)
	if err != nil {
		return err
	}
	if c.docs != "" && inDocs[name] == screen.Width {
		options.FullPage = new(false)
		if err := c.takeForDocs(page, name+"-"+string(*scheme)+".png", options); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(c.out, file), picture, 0o644)
}

func (c *camera) takeForDocs(page playwright.Page, file string, options playwright.PageScreenshotOptions) error {
	picture, err := page.Screenshot(options)
	if err != nil {
		return err
	}
	if picture, err = shrinkPNG(picture); err != nil {
		return err
	}
	if len(picture) > mostBytes {
		return fmt.Errorf("%s has %d bytes, more than %d", file, len(picture), mostBytes)
	}
	return os.WriteFile(filepath.Join(c.docs, file), picture, 0o644)
}

func fileName(name string, width int, scheme string) string {
	return fmt.Sprintf("%s-%d-%s.png", name, width, scheme)
}

// shrinkPNG compresses a picture as well as PNG can; one that stays large gets a palette of 256 colours, mixed
// dot by dot.
func shrinkPNG(picture []byte) ([]byte, error) {
	decoded, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	small, err := encodePNG(decoded)
	if err != nil || len(small) <= mostBytes {
		return small, err
	}
	paletted := image.NewPaletted(decoded.Bounds(), paletteOf(decoded))
	draw.FloydSteinberg.Draw(paletted, decoded.Bounds(), decoded, decoded.Bounds().Min)
	return encodePNG(paletted)
}

func encodePNG(picture image.Image) ([]byte, error) {
	var encoded bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&encoded, picture)
	return encoded.Bytes(), err
}

var indexPage = template.Must(template.New("index").Funcs(template.FuncMap{"file": fileName}).Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><title>docket: every page</title>
<style>body{font:16px sans-serif;margin:2em}img{height:320px;border:1px solid #999}figure{display:inline-block;margin:0 1em 1em 0}</style>
<h1>docket: every page</h1>
<p>{{range .Names}}<a href="#{{.}}">{{.}}</a> {{end}}</p>
{{range $name := .Names}}<h2 id="{{$name}}">{{$name}}</h2>
{{range $screen := $.Screens}}{{range $scheme := $.Schemes}}<figure><a href="{{file $name $screen.Width $scheme}}"><img loading="lazy" alt="{{$name}}, {{$screen.Width}} wide, {{$scheme}}" src="{{file $name $screen.Width $scheme}}"></a><figcaption>{{$screen.Width}} {{$scheme}}</figcaption></figure>
{{end}}{{end}}{{end}}`))

func (c *camera) writeIndex(path string) error {
	var page bytes.Buffer
	if err := indexPage.Execute(&page, struct {
		Names   []string
		Screens []playwright.Size
		Schemes []string
	}{c.taken, screens, []string{"light", "dark"}}); err != nil {
		return err
	}
	return os.WriteFile(path, page.Bytes(), 0o644)
}
