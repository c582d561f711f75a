package formfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// maxFile is the greatest size of a form file in bytes.
const maxFile = 256 << 10

// readDocument reads the one YAML document of a form file.
func readDocument(src []byte) (*yaml.Node, Mistakes) {
	if len(src) > maxFile {
		return nil, Mistakes{{1, 1, fmt.Sprintf("the file has %d bytes; a form file has at most %d", len(src), maxFile)}}
	}
	if mistake, bad := findUnreadable(src); bad {
		return nil, Mistakes{mistake}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(src))
	var first, second yaml.Node
	if err := decoder.Decode(&first); errors.Is(err, io.EOF) {
		return nil, Mistakes{{1, 1, `the file is empty; begin with "name: …", or run "docket form new NAME" for a form to start from`}}
	} else if err != nil {
		return nil, Mistakes{syntaxMistake(err)}
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, Mistakes{{second.Line, second.Column, `a second document begins here; a form file has one, so delete the line "---"`}}
	case !errors.Is(err, io.EOF):
		return nil, Mistakes{syntaxMistake(err)}
	}
	return first.Content[0], nil
}

// splitLines are the lines of a file as characters.
func splitLines(src []byte) [][]rune {
	var all [][]rune
	for line := range strings.Lines(string(src)) {
		all = append(all, []rune(strings.TrimRight(line, "\r\n")))
	}
	return all
}

// findUnreadable finds the first byte that is no text.
func findUnreadable(src []byte) (Mistake, bool) {
	line, column := 1, 1
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		switch {
		case r == utf8.RuneError && size == 1:
			return Mistake{line, column, "this is not UTF-8 text; save the file as UTF-8"}, true
		case r == '\n':
			line, column = line+1, 0
		case unicode.IsControl(r) && r != '\t' && r != '\r':
			return Mistake{line, column, controlMessage(r)}, true
		}
		src, column = src[size:], column+1
	}
	return Mistake{}, false
}

func controlMessage(r rune) string { return fmt.Sprintf("control character %U; delete it", r) }

// syntaxMistake is an error of the YAML reader as a Mistake.
func syntaxMistake(err error) Mistake {
	m := Mistake{1, 1, "this is not YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")}
	if at, ok := errors.AsType[*yaml.LoadError](err); ok {
		m = Mistake{max(at.Mark.Line, 1), max(at.Mark.Column, 1), "this is not YAML: " + at.Message}
	}
	m.Message += "; look at the indentation, the quotes and the colons here and on the line above"
	return m
}
