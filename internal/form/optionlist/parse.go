package optionlist

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"docket/internal/plaintext"
)

const (
	maxBytes   = 20 << 20
	maxOptions = 100_000
	maxValue   = 100 // bytes
	maxLabel   = 300 // bytes
)

// content is what was read from a file. It is never changed.
type content struct {
	languages []string // of the labels, "" for the column "label"
	rows      []row
	positions map[string]int // of each value in rows
	modified  time.Time
}

// row is one option: its value, its label in each language, and all of that folded, to be searched.
type row struct {
	value  string
	labels []string
	folded string
}

// Mistake is one thing wrong in a file: on which line, counted from 1, and what.
type Mistake struct {
	Line    int
	Message string
}

// Error implements error.
func (m Mistake) Error() string { return fmt.Sprintf("line %d: %s", m.Line, m.Message) }

// parse reads a file: a line of column names, value, label and label_LANGUAGE, and a line for each option.
func parse(src []byte) (*content, error) {
	switch src = bytes.TrimPrefix(src, []byte("\ufeff")); {
	case len(src) > maxBytes:
		return nil, Mistake{1, fmt.Sprintf("the file is larger than %d MB", maxBytes>>20)}
	case !utf8.Valid(src):
		return nil, Mistake{brokenLine(src), "this is not UTF-8 text; save the file as UTF-8"}
	}
	lines := csv.NewReader(bytes.NewReader(src))
	header, err := lines.Read()
	if err == io.EOF {
		return nil, Mistake{1, "the file is empty; begin with a line such as value,label"}
	}
	if err != nil {
		return nil, csvMistake(err)
	}
	c := &content{positions: map[string]int{}}
	if err := c.readHeader(header); err != nil {
		return nil, err
	}
	for {
		fields, err := lines.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, csvMistake(err)
		}
		line, _ := lines.FieldPos(0)
		if message := c.addRow(fields); message != "" {
			return nil, Mistake{line, message}
		}
	}
	if len(c.rows) == 0 {
		return nil, Mistake{2, "no option follows; add a line for each"}
	}
	return c, nil
}

var labelColumn = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^label(?:_([a-zA-Z]{2,3}(?:-[a-zA-Z0-9]+)*))?$`) })

// readHeader reads the names of the columns.
func (c *content) readHeader(names []string) error {
	if names[0] != "value" {
		return Mistake{1, fmt.Sprintf("the first column must be named value, not %q; columns stand between commas", names[0])}
	}
	for _, name := range names[1:] {
		parts := labelColumn().FindStringSubmatch(name)
		if parts == nil {
			return Mistake{1, fmt.Sprintf("unknown column %q; use value, label, and label_vi and its like for other languages", name)}
		}
		if slices.Contains(c.languages, parts[1]) {
			return Mistake{1, fmt.Sprintf("the column %q stands here a second time; keep one of them", name)}
		}
		c.languages = append(c.languages, parts[1])
	}
	return nil
}

// addRow adds an option; it returns what is wrong with it.
func (c *content) addRow(fields []string) (mistake string) {
	option := row{value: fields[0], labels: make([]string, len(c.languages))}
	if clean, fault := plaintext.Clean(option.value, false); fault.Key != "" || clean != option.value || clean == "" || len(clean) > maxValue {
		return fmt.Sprintf("%q cannot be a value: use a short text of ordinary characters without spaces around it, %d bytes at most", option.value, maxValue)
	}
	if _, twice := c.positions[option.value]; twice {
		return fmt.Sprintf("the value %q stands here a second time; keep one of them", option.value)
	}
	if len(c.rows) == maxOptions {
		return fmt.Sprintf("there are more than %d options", maxOptions)
	}
	for i, text := range fields[1:] {
		label, fault := plaintext.Clean(text, false)
		if fault.Key != "" || len(label) > maxLabel {
			return fmt.Sprintf("%q cannot be a label: use one line of ordinary characters, %d bytes at most", text, maxLabel)
		}
		option.labels[i] = label
	}
	option.folded = plaintext.Fold(strings.Join(append([]string{option.value}, option.labels...), "\n"))
	c.positions[option.value] = len(c.rows)
	c.rows = append(c.rows, option)
	return ""
}

// csvMistake is an error of the CSV reader as a Mistake.
func csvMistake(err error) error {
	wrong, ok := errors.AsType[*csv.ParseError](err)
	switch {
	case !ok:
		return err
	case errors.Is(err, csv.ErrFieldCount):
		return Mistake{wrong.Line, "this line has another number of columns than the first; put quotes around a text with a comma"}
	}
	return Mistake{wrong.Line, fmt.Sprintf("column %d: %v", wrong.Column, wrong.Err)}
}

// brokenLine is the line of the first byte that is no UTF-8.
func brokenLine(src []byte) int {
	line := 1
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		src = src[size:]
	}
	return line
}
