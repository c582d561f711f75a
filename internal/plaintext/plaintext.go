// Package plaintext cleans what people type, and refuses what a reader could not see or could be deceived by.
package plaintext

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is the most combining marks that may follow each other; no script in use needs as many.
const maxMarks = 8

// lineEnds are those of keyboards and of programs from which text is copied: a soft line break of some is U+2028.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n")

// Fault is what is wrong with a text: the key of a message, and what it is filled in with. The zero Fault is none.
type Fault struct {
	Key  string
	Args []any
}

// Clean is text in NFC, trimmed, with line feeds alone between lines, and without characters that mean nothing where they stand; "" when
// something is wrong with it. multiline says whether the text may have more than one line.
func Clean(text string, multiline bool) (string, Fault) {
	if printableASCII(text) { // most are: there is nothing to clean or to refuse
		return strings.TrimSpace(text), Fault{}
	}
	if !utf8.ValidString(text) {
		return "", Fault{Key: "answer.no_text"}
	}
	if multiline {
		text = Tidy(text)
	} else {
		text = tidyLine(text)
	}
	if fault := checkCharacters([]rune(text), multiline); fault.Key != "" {
		return "", fault
	}
	return text, Fault{}
}

// Tidy is a text of several lines as Clean has it. It refuses nothing: what is no UTF-8 stays as it is.
func Tidy(text string) string {
	if !utf8.ValidString(text) {
		return text
	}
	return tidyLine(lineEnds.Replace(text))
}

func tidyLine(text string) string {
	return strings.TrimSpace(norm.NFC.String(string(removeMeaningless([]rune(text)))))
}

// printableASCII reports whether a text has only what is on every keyboard, and no line ends.
func printableASCII(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
