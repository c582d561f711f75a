package form

import (
	"fmt"
	"unicode"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"go.yaml.in/yaml/v4"
)

// sayWithin notes a mistake at one character of the text of a scalar.
func (r *reader) sayWithin(n *yaml.Node, text string, offset int, words string, args ...any) {
	line, column := r.within(n, []rune(text), offset)
	r.mistakes = append(r.mistakes, Mistake{line, column, fmt.Sprintf(words, args...)})
}

// sayAt notes a mistake at one part of an expression.
func (r *reader) sayAt(n *yaml.Node, checked *cel.Ast, id int64, words string, args ...any) {
	text := checked.Source().Content()
	r.sayWithin(n, text, offsetOf(text, checked.NativeRep().SourceInfo().GetStartLocation(id)), words, args...)
}

// offsetOf is where a place of CEL's is in a text, in characters.
func offsetOf(text string, at common.Location) int {
	line, offset := 1, 0
	for _, c := range text {
		if line >= at.Line() {
			break
		}
		offset++
		if c == '\n' {
			line++
		}
	}
	return offset + max(at.Column(), 0)
}

// within is where a character of the text of a scalar stands in the file. However YAML breaks and quotes a text, all of
// its characters but spaces stand in the file in the same order, so they are counted.
func (r *reader) within(n *yaml.Node, text []rune, offset int) (line, column int) {
	p := place{r.lines, n.Line - 1, n.Column - 1, n.Style}
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		p.line, p.column = n.Line, 0
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		p.column++
	}
	p.skip()
	for _, c := range text[:min(offset, len(text))] {
		if !unicode.IsSpace(c) {
			p.next()
		}
	}
	return p.line + 1, p.column + 1
}

// place is a place in a file, on its way through a scalar.
type place struct {
	lines        [][]rune
	line, column int
	style        yaml.Style
}

// here is the character at p; 0 at the end of a line.
func (p *place) here() rune {
	if p.line < len(p.lines) && p.column < len(p.lines[p.line]) {
		return p.lines[p.line][p.column]
	}
	return 0
}

// next steps over one character of the text, and over the spaces behind it unless nothing follows them.
func (p *place) next() {
	first := p.here()
	p.column++
	if p.style&yaml.DoubleQuotedStyle != 0 && first == '\\' || p.style&yaml.SingleQuotedStyle != 0 && first == '\'' {
		p.column++
	}
	before := *p
	if p.skip(); p.line >= len(p.lines) {
		*p = before
	}
}

// skip goes on to the next character that is no space.
func (p *place) skip() {
	for p.line < len(p.lines) {
		if c := p.here(); c != 0 && !unicode.IsSpace(c) {
			return
		}
		if p.column++; p.column > len(p.lines[p.line]) {
			p.line, p.column = p.line+1, 0
		}
	}
}
