package theme

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	maxLogo   = 200 << 10 // bytes
	maxPixels = 2000      // of a side
)

// ReadLogo reads a logo, SVG or PNG, in the folder of a form file or below it. An SVG that is more than shapes is refused.
func ReadLogo(folder, name string) (*Asset, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	file, err := root.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	src, err := io.ReadAll(io.LimitReader(file, maxLogo+1))
	if err != nil {
		return nil, err
	}
	if len(src) > maxLogo {
		return nil, fmt.Errorf("the logo is larger than %d KB", maxLogo>>10)
	}
	if strings.EqualFold(filepath.Ext(name), ".png") {
		return newPNG(src)
	}
	if err := checkSVG(src); err != nil {
		return nil, err
	}
	return newAsset("logo", ".svg", "image/svg+xml", src), nil
}

func newPNG(src []byte) (*Asset, error) {
	size, err := png.DecodeConfig(bytes.NewReader(src))
	if err != nil {
		return nil, errors.New("this is no PNG picture")
	}
	if size.Width > maxPixels || size.Height > maxPixels {
		return nil, fmt.Errorf("the picture has more than %d pixels on a side", maxPixels)
	}
	return newAsset("logo", ".png", "image/png", src), nil
}

// shapes are the elements that a logo may have.
var shapes = []string{
	"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc", "defs", "linearGradient", "radialGradient",
	"stop", "clipPath", "mask", "use", "symbol", "text", "tspan",
}

const svgNamespace = "http://www.w3.org/2000/svg"

// checkSVG says what is wrong with an SVG that is more than shapes: scripts, handlers of events, styles and what leads elsewhere.
func checkSVG(src []byte) error {
	decoder, depth := xml.NewDecoder(bytes.NewReader(src)), 0
	for first := true; ; {
		token, err := decoder.Token()
		if err == io.EOF && !first && depth == 0 {
			return nil
		}
		if err != nil {
			return errors.New("this is no SVG: its XML is broken")
		}
		line, _ := decoder.InputPos()
		switch token := token.(type) {
		case xml.StartElement:
			if first && token.Name.Local != "svg" {
				return errors.New("this is no SVG")
			}
			first, depth = false, depth+1
			if message := elementMistake(token); message != "" {
				return fmt.Errorf("line %d of the logo: %s", line, message)
			}
		case xml.EndElement:
			depth--
		case xml.Directive:
			return fmt.Errorf("line %d of the logo: a DOCTYPE is not taken; delete it", line)
		case xml.ProcInst:
			if token.Target != "xml" {
				return fmt.Errorf("line %d of the logo: <?%s is not taken; delete it", line, token.Target)
			}
		}
	}
}

func elementMistake(element xml.StartElement) string {
	if element.Name.Space != svgNamespace || !slices.Contains(shapes, element.Name.Local) {
		return fmt.Sprintf("<%s> is not taken: a logo is shapes alone", element.Name.Local)
	}
	for _, attribute := range element.Attr {
		name, value := strings.ToLower(attribute.Name.Local), strings.ToLower(attribute.Value)
		switch {
		case attribute.Name.Space == "xmlns" || name == "xmlns":
		case strings.HasPrefix(name, "on"), name == "style":
			return fmt.Sprintf("the attribute %s is not taken; delete it", attribute.Name.Local)
		case name == "href" && !strings.HasPrefix(value, "#"), strings.Contains(strings.ReplaceAll(value, "url(#", ""), "url("), strings.Contains(value, "\\"):
			return fmt.Sprintf("%s leads out of the logo; delete it", attribute.Name.Local)
		}
	}
	return ""
}
