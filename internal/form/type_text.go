package form

import (
	"regexp"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"docket/internal/plaintext"
)

// Text is one line, LongText several. Diff is several that say what is added and removed, by + and - at their beginning.
const (
	Text     Type = "text"
	LongText Type = "long_text"
	Diff     Type = "diff"
)

func textType() fieldType {
	return fieldType{name: Text, keys: []string{"min_length", "max_length", "pattern", "pattern_hint", "citizen_number"}, check: checkLine}
}

// checkLine checks a line of text. A number that tells by itself who a person is may be typed in digits of any script; it is kept in
// plain ones.
func checkLine(f *Field, text string, _ time.Time) (string, Problem) {
	if f.Identity == f.Name {
		text = plaintext.PlainSigns(text)
	}
	return f.checkText(text)
}

// linesType is a type of several lines, so many of which a page has room for.
func linesType(name Type, maxLength, rows int) fieldType {
	return fieldType{
		name: name, keys: []string{"min_length", "max_length"}, maxLength: maxLength, multiline: true,
		control: func(*Field) Control {
			return Control{Element: ElementTextarea, Rows: rows, AutoDirection: name == LongText, HasMaxLength: true}
		},
	}
}

// checkText checks the length and the pattern of a clean text. Where that does not match the pattern as it was typed, but with plain
// spaces or signs, it is kept with those.
func (f *Field) checkText(text string) (string, Problem) {
	switch length := utf8.RuneCountInString(text); {
	case length < f.MinLength:
		return "", newProblem(CodeTooShort, "answer.too_short", "Count", f.MinLength)
	case length > f.MaxLength:
		return "", newProblem(CodeTooLong, "answer.too_long_by", "Count", f.MaxLength, "Length", length)
	}
	for _, written := range []string{text, plaintext.PlainSpaces(text), plaintext.PlainSigns(text)} {
		if f.Pattern == nil || f.Pattern.MatchString(written) {
			return written, Problem{}
		}
	}
	if f.PatternHint != "" {
		return "", Problem{Code: CodePattern, Message: f.PatternHint}
	}
	return "", newProblem(CodePattern, "answer.pattern")
}

// textSchema adds what bounds a text.
func textSchema(f *Field, schema map[string]any) (note string) {
	schema["maxLength"] = f.MaxLength
	if least := max(f.MinLength, 1); f.Required || f.MinLength > 0 {
		schema["minLength"] = least
	}
	switch {
	case f.Pattern == nil:
		return ""
	case !goOnly().MatchString(f.Pattern.String()):
		schema["pattern"] = f.Pattern.String()
		return f.PatternHint
	}
	return strings.TrimSpace(f.PatternHint + " Matches the regular expression (RE2) " + f.Pattern.String())
}

// goOnly finds what ECMA-262, which JSON Schema names, reads differently than Go: classes of characters by a long name
// or without braces, flags, anchors, quoted text, classes in [: :].
var goOnly = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\\[pP][^{]|\\[pP]\{\^?[A-Za-z_]{3,}|\\[AzCQEax]|\(\?[^:]|\[:`)
})
