package rules

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"

	"docket/internal/spelling"
)

// addErrors notes what CEL finds wrong with an expression, in words of ours. Of syntax errors only the first counts: those
// after it follow from it.
func (e *compilation) addErrors(errs []*cel.Error) {
	for _, err := range errs {
		offset := offsetOf(e.text, err.Location)
		back, words := e.reword([]rune(e.text), offset, err.Message)
		e.addMistake(offset-back, "%s", words)
		if strings.HasPrefix(err.Message, "Syntax error") {
			return
		}
	}
}

var (
	undeclaredPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^undeclared reference to '(.*?)'`) })
	mismatchedPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^found no matching overload for '(.*?)' applied to '(.*)'$`)
	})
	expectedPattern   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^expected type '(.*)' but found '(.*)'$`) })
	unexpectedPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^Syntax error: (?:mismatched|extraneous|no viable alternative at) input '(.*?)'`)
	})
	partPattern      = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^undefined field '(.*)'$`) })
	selectionPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^type '(.*)' does not support field selection`) })
)

// reword is an error of CEL's at a character of an expression in our words, and how many characters before it the
// mistake begins.
func (e *compilation) reword(text []rune, offset int, message string) (back int, words string) {
	if m := undeclaredPattern().FindStringSubmatch(message); m != nil {
		return e.unknownName(text, offset, m[1])
	}
	if m := mismatchedPattern().FindStringSubmatch(message); m != nil {
		return 0, mismatchInWords(m[1], strings.TrimSuffix(strings.TrimPrefix(m[2], "("), ")"))
	}
	if m := expectedPattern().FindStringSubmatch(message); m != nil {
		return 0, "here must be " + typeInWords(m[1]) + ", but this is " + typeInWords(m[2])
	}
	if m := partPattern().FindStringSubmatch(message); m != nil {
		return 0, `no row has a field named "` + m[1] + `"` + spelling.Suggestion(m[1], e.rowNames())
	}
	if m := selectionPattern().FindStringSubmatch(message); m != nil {
		return 0, typeInWords(m[1]) + " has no parts; delete the point and what is behind it"
	}
	switch m := unexpectedPattern().FindStringSubmatch(message); {
	case m != nil && m[1] == "<EOF>":
		return 0, "this ends too early; finish it"
	case m != nil:
		return 0, `this is no expression: "` + m[1] + `" makes no sense here` + otherLanguageHint(text, offset, m[1])
	case strings.HasPrefix(message, "Syntax error: token recognition error at: '="):
		return 0, `"=" is no operator; write ==`
	case strings.HasPrefix(message, "Syntax error: "):
		return 0, "this is no expression: " + strings.TrimPrefix(message, "Syntax error: ")
	case strings.HasPrefix(message, "reserved identifier: "):
		return 0, `"` + strings.TrimPrefix(message, "reserved identifier: ") + `" is a word that expressions keep for themselves; write answers.` + strings.TrimPrefix(message, "reserved identifier: ")
	case strings.Contains(message, "recursion limit"), strings.Contains(message, "nesting limit"):
		return 0, "this is nested too deeply; make it simpler"
	case strings.Contains(message, "size exceeds limit"):
		return 0, "this is too long; make it shorter"
	case message == "invalid matches argument":
		return 0, "this is not a regular expression"
	}
	return 0, message
}

// otherLanguageHint is what to write in place of a word that other languages have; empty when it is none.
func otherLanguageHint(text []rune, offset int, word string) string {
	before := strings.TrimRight(string(text[:min(offset, len(text))]), " ")
	write := map[string]string{"and": "&&", "or": "||", "is": "==", "d": "days(30)"}[word]
	if before == "not" || strings.HasSuffix(before, " not") || strings.HasSuffix(before, "(not") {
		write = "!" + word
	}
	if write == "" {
		return ""
	}
	return "; write " + write
}

// unknownName is the mistake of a name that nothing has. CEL points at the bracket of a function and at the point of a part.
func (e *compilation) unknownName(text []rune, offset int, name string) (back int, words string) {
	switch {
	case strings.HasPrefix(name, "_") || strings.HasPrefix(name, "@"):
		return 0, operatorInWords(name) + " cannot be used here"
	case offset < len(text) && text[offset] == '(':
		return len([]rune(name)), `no function is called "` + name + `"` + spelling.Suggestion(name, functionNames())
	case offset < len(text) && text[offset] == '.':
		first, _, _ := strings.Cut(name, ".")
		return len([]rune(first)), `nothing is named "` + name + `"` + spelling.Suggestion(name, e.visibleNames())
	}
	if field, ok := e.form.Field(name); ok && !field.HasOwnValue() {
		var parts []string
		for _, part := range field.Parts() {
			parts = append(parts, part.Name)
		}
		return 0, `"` + name + `" has parts; write ` + spelling.Or(parts)
	}
	return 0, `no field is named "` + name + `"` + spelling.Suggestion(name, e.visibleNames())
}

// visibleNames lists the names that an expression may use.
func (e *compilation) visibleNames() []string {
	var names []string
	for field := range e.form.Seen() {
		names = append(names, field.Name)
	}
	return append(slices.Sorted(slices.Values(names)), append([]string{"today"}, e.visible...)...)
}

// rowNames lists the names of the fields in the rows of groups.
func (e *compilation) rowNames() (names []string) {
	for field := range e.form.Seen() {
		if field.Rows != nil {
			names = append(names, field.Rows.Form.Names()...)
		}
	}
	return names
}

// mismatchInWords is the mistake of values that do not go together.
func mismatchInWords(function, arguments string) string {
	names := strings.Split(arguments, ", ")
	var numbers, wholes, dates bool
	for i, name := range names {
		names[i] = typeInWords(name)
		numbers = numbers || names[i] == "a number"
		wholes = wholes || names[i] == "a whole number"
		dates = dates || names[i] == "a date"
	}
	hint := ""
	switch {
	case numbers && wholes:
		hint = "; write a whole number with a point, such as 100.0"
	case dates && strings.HasPrefix(function, "_"):
		hint = "; a date compares with other dates, such as today - days(30)"
	}
	if len(names) == 1 {
		return operatorInWords(function) + " cannot be used with " + names[0] + hint
	}
	return operatorInWords(function) + " cannot be used with " + strings.Join(names, " and ") + hint
}

// operatorInWords is the name of an operator or a function as people write it.
func operatorInWords(name string) string {
	return `"` + strings.Trim(strings.ReplaceAll(name, "_[_]", "[ ]"), "_@") + `"`
}

// typeInWords is a type of CEL's in words.
func typeInWords(name string) string {
	switch name {
	case "string", "wrapper(string)":
		return "a text"
	case "wrapper(double)", "double":
		return "a number"
	case "int", "uint":
		return "a whole number"
	case "timestamp", "google.protobuf.Timestamp":
		return "a date"
	case "duration", "google.protobuf.Duration":
		return "a number of days"
	case "bool":
		return "true or false"
	case "null", "null_type":
		return "null"
	}
	if strings.HasPrefix(name, rowTypePrefix) {
		return "a row of a group"
	}
	if strings.HasPrefix(name, "list") {
		return "a list"
	}
	return name
}
