package form

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is the most combining marks that may follow each other; no script in use needs as many.
const maxMarks = 8

// cleanText is text as docket keeps it: in NFC, trimmed, with line feeds alone between lines. It refuses what a reader
// could not see or could be deceived by. multiline says whether the text may have more than one line.
func cleanText(text string, multiline bool) (string, Problem) {
	if !utf8.ValidString(text) {
		return "", newProblem(CodeBadCharacters, "answer.no_text")
	}
	if multiline {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	}
	text = strings.TrimSpace(norm.NFC.String(text))
	if problem := checkCharacters([]rune(text), multiline); problem.Code != "" {
		return "", problem
	}
	return text, Problem{}
}

// ValidOption reports whether a text can be the value of an option.
func ValidOption(value string) bool {
	text, problem := cleanText(value, false)
	return problem.Code == "" && text == value && len(text) <= 100
}
