package form

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is the most combining marks that may follow each other; no script in use needs as many.
const maxMarks = 8

// clean is text as docket keeps it: in NFC, trimmed, with line feeds alone between lines. It refuses what a reader
// could not see or could be deceived by. lines says whether the text may have more than one line.
func clean(text string, lines bool) (string, Problem) {
	if !utf8.ValidString(text) {
		return "", fault(CodeBadCharacters, "answer.no_text")
	}
	if lines {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	}
	text = strings.TrimSpace(norm.NFC.String(text))
	if problem := stray([]rune(text), lines); problem.Code != "" {
		return "", problem
	}
	return text, Problem{}
}

// text checks the length and the pattern of a clean text.
func (f Field) text(text string) (string, Problem) {
	switch length := utf8.RuneCountInString(text); {
	case length < f.MinLength:
		return "", fault(CodeTooShort, "answer.too_short", "Count", f.MinLength)
	case length > f.MaxLength:
		return "", fault(CodeTooLong, "answer.too_long_by", "Count", f.MaxLength, "Length", length)
	}
	if f.Pattern == nil || f.Pattern.MatchString(text) {
		return text, Problem{}
	}
	if f.PatternHint != "" {
		return "", Problem{Code: CodePattern, Message: f.PatternHint}
	}
	return "", fault(CodePattern, "answer.pattern")
}
