package form

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// Text is one line, LongText several. Diff is several that say what is added and removed, by + and - at their beginning.
const (
	Text     Type = "text"
	LongText Type = "long_text"
	Diff     Type = "diff"
)

func textType() fieldType {
	return fieldType{name: Text, keys: []string{"min_length", "max_length", "pattern", "pattern_hint"}}
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

// checkText checks the length and the pattern of a clean text.
func (f *Field) checkText(text string) (string, Problem) {
	switch length := utf8.RuneCountInString(text); {
	case length < f.MinLength:
		return "", newProblem(CodeTooShort, "answer.too_short", "Count", f.MinLength)
	case length > f.MaxLength:
		return "", newProblem(CodeTooLong, "answer.too_long_by", "Count", f.MaxLength, "Length", length)
	}
	if f.Pattern == nil || f.Pattern.MatchString(text) {
		return text, Problem{}
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
