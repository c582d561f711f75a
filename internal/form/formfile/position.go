package formfile

import (
	"strconv"
	"strings"
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
		if !unicode.IsSpace(c) || p.atEscapedSpace() {
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
	first, escaped := p.current(), p.atEscape()
	p.column++
	if p.style&yaml.SingleQuotedStyle != 0 && first == '\'' {
		p.column++
	}
	if escaped {
		p.column += 1 + hexDigits(p.current())
	}
	before := *p
	if p.skipSpaces(); p.line >= len(p.lines) {
		*p = before
	}
}

// atEscape reports whether an escape such as \n stands at p.
func (p *position) atEscape() bool { return p.style&yaml.DoubleQuotedStyle != 0 && p.current() == '\\' }

// atEscapedSpace reports whether the escape of a space stands at p.
func (p *position) atEscapedSpace() bool {
	if !p.atEscape() || p.column+1 == len(p.lines[p.line]) {
		return false
	}
	letter, rest := p.lines[p.line][p.column+1], p.lines[p.line][p.column+2:]
	if n := hexDigits(letter); n > 0 && n <= len(rest) {
		code, err := strconv.ParseInt(string(rest[:n]), 16, 32)
		return err == nil && unicode.IsSpace(rune(code))
	}
	return strings.ContainsRune(" \tntrvfN_LP", letter)
}

// hexDigits is how many digits follow the letter of an escape.
func hexDigits(letter rune) int {
	switch letter {
	case 'x':
		return 2
	case 'u':
		return 4
	case 'U':
		return 8
	}
	return 0
}

// skipSpaces goes on to the next character that is no space.
func (p *position) skipSpaces() {
	for p.line < len(p.lines) {
		joins := p.atEscape() && p.column == len(p.lines[p.line])-1 // a \ at the end of a line joins it with the next
		if c := p.current(); c != 0 && !unicode.IsSpace(c) && !joins {
			return
		}
		if p.column++; p.column > len(p.lines[p.line]) {
			p.line, p.column = p.line+1, 0
		}
	}
}
