package formfile

import (
	"unicode"

	"go.yaml.in/yaml/v4"
)

// positionIn is where a character of the text of a scalar stands in the file. However YAML breaks and quotes a text, all of
// its characters but spaces stand in the file in the same order, so they are counted.
func (r *reader) positionIn(n *yaml.Node, text []rune, offset int) (line, column int) {
	p := position{r.lines, n.Line - 1, n.Column - 1, n.Style}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		p.line, p.column = n.Line, 0
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		p.column++
	}
	p.skipSpaces()
	for _, c := range text[:min(offset, len(text))] {
		if !unicode.IsSpace(c) {
			p.advance()
		}
	}
	return p.line + 1, p.column + 1
}

// position is a place in a file, on its way through a scalar.
type position struct {
	lines        [][]rune
	line, column int
	style        yaml.Style
}

// current is the character at p; 0 at the end of a line.
func (p *position) current() rune {
	if p.line < len(p.lines) && p.column < len(p.lines[p.line]) {
		return p.lines[p.line][p.column]
	}
	return 0
}

// advance steps over one character of the text, and over the spaces behind it unless nothing follows them.
func (p *position) advance() {
	first := p.current()
	p.column++
	if p.style&yaml.DoubleQuotedStyle != 0 && first == '\\' || p.style&yaml.SingleQuotedStyle != 0 && first == '\'' {
		p.column++
	}
	before := *p
	if p.skipSpaces(); p.line >= len(p.lines) {
		*p = before
	}
}

// skipSpaces goes on to the next character that is no space.
func (p *position) skipSpaces() {
	for p.line < len(p.lines) {
		if c := p.current(); c != 0 && !unicode.IsSpace(c) {
			return
		}
		if p.column++; p.column > len(p.lines[p.line]) {
			p.line, p.column = p.line+1, 0
		}
	}
}
