package form

import (
	"fmt"
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
		return "", Problem{CodeBadCharacters, "Contains bytes that are no text; type it again"}
	}
	if lines {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	}
	text = strings.TrimSpace(norm.NFC.String(text))
	if what := stray([]rune(text), lines); what != "" {
		return "", Problem{CodeBadCharacters, "Contains " + what + "; delete it, or type the text again"}
	}
	return text, Problem{}
}

// text checks the length and the pattern of a clean text.
func (f Field) text(text string) (string, Problem) {
	switch length := utf8.RuneCountInString(text); {
	case length < f.MinLength:
		return "", Problem{CodeTooShort, "Must be at least " + count(f.MinLength, "character")}
	case length > f.MaxLength:
		return "", Problem{CodeTooLong, fmt.Sprintf("Must be at most %s; this is %d", count(f.MaxLength, "character"), length)}
	}
	if f.Pattern == nil || f.Pattern.MatchString(text) {
		return text, Problem{}
	}
	if f.PatternHint != "" {
		return "", Problem{CodePattern, f.PatternHint}
	}
	return "", Problem{CodePattern, "Does not look as it should; compare it with the help text"}
}

// count is a number of things in words: "1 character", "2 characters".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
