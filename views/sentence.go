package views

import (
	"strings"

	"github.com/a-h/templ"
)

// partMarker encloses the name of a part in a text. It cannot be typed or stored.
const partMarker = "\x00"

// parts are the components that stand in a sentence, by the name of their placeholder.
type parts map[string]templ.Component

// piece is a part of a sentence: a component or, if that is nil, plain text.
type piece struct {
	component templ.Component
	text      string
}

// withMarkers adds to the arguments of a text a marker for each part.
func (p parts) withMarkers(args []any) []any {
	for name := range p {
		args = append(args, name, partMarker+name+partMarker)
	}
	return args
}

// split cuts a text at its markers.
func (p parts) split(text string) []piece {
	var pieces []piece
	for i, cut := range strings.Split(text, partMarker) {
		if i%2 == 1 {
			pieces = append(pieces, piece{component: p[cut]})
		} else if cut != "" {
			pieces = append(pieces, piece{text: cut})
		}
	}
	return pieces
}
