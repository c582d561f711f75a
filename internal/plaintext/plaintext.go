// Package plaintext cleans what people type, and refuses what a reader could not see or could be deceived by.
package plaintext

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is the most combining marks that may follow each other; no script in use needs as many.
const maxMarks = 8

// Fault is what is wrong with a text: the key of a message, and what it is filled in with. The zero Fault is none.
type Fault struct {
	Key  string
	Args []any
}

// Clean is text in NFC, trimmed, with line feeds alone between lines, and without characters that mean nothing where they stand; "" when
// something is wrong with it. multiline says whether the text may have more than one line.
func Clean(text string, multiline bool) (string, Fault) {
	if !utf8.ValidString(text) {
		return "", Fault{Key: "answer.no_text"}
	}
	if multiline {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	}
	text = strings.TrimSpace(norm.NFC.String(string(removeMeaningless([]rune(text)))))
	if fault := checkCharacters([]rune(text), multiline); fault.Key != "" {
		return "", fault
	}
	return text, Fault{}
}
