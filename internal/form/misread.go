package form

import (
	"regexp"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v4"
)

// misread notes what CEL finds wrong with an expression, in words of ours. Of errors of writing only the first is meant:
// those after it follow from it.
func (r *reader) misread(at *yaml.Node, text string, errs []*cel.Error) {
	for _, e := range errs {
		offset := offsetOf(text, e.Location)
		back, words := r.reword([]rune(text), offset, e.Message)
		r.sayWithin(at, text, offset-back, "%s", words)
		if strings.HasPrefix(e.Message, "Syntax error") {
			return
		}
	}
}

var (
	undeclared = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^undeclared reference to '(.*?)'`) })
	mismatched = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^found no matching overload for '(.*?)' applied to '(.*)'$`)
	})
	expected   = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^expected type '(.*)' but found '(.*)'$`) })
	unexpected = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^Syntax error: (?:mismatched|extraneous|no viable alternative at) input '(.*?)'`)
	})
	partOf = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^type '(.*)' does not support field selection`) })
)

// reword is an error of CEL's at a character of an expression in our words, and how many characters before it the
// mistake begins.
func (r *reader) reword(text []rune, offset int, message string) (back int, words string) {
	if m := undeclared().FindStringSubmatch(message); m != nil {
		return r.unknown(text, offset, m[1])
	}
	if m := mismatched().FindStringSubmatch(message); m != nil {
		return 0, misfit(m[1], strings.Trim(m[2], "()"))
	}
	if m := expected().FindStringSubmatch(message); m != nil {
		return 0, "here must be " + typeName(m[1]) + ", but this is " + typeName(m[2])
	}
	if m := partOf().FindStringSubmatch(message); m != nil {
		return 0, typeName(m[1]) + " has no parts; delete the point and what is behind it"
	}
	switch m := unexpected().FindStringSubmatch(message); {
	case m != nil && m[1] == "<EOF>":
		return 0, "this ends too early; finish it"
	case m != nil:
		return 0, `this is no expression: "` + m[1] + `" makes no sense here`
	case strings.HasPrefix(message, "Syntax error: "):
		return 0, "this is no expression: " + strings.TrimPrefix(message, "Syntax error: ")
	case strings.HasPrefix(message, "reserved identifier: "):
		return 0, `"` + strings.TrimPrefix(message, "reserved identifier: ") + `" is a word that expressions keep for themselves; a field of that name cannot be looked at`
	case strings.Contains(message, "recursion limit"), strings.Contains(message, "nesting limit"):
		return 0, "this is nested too deeply; make it simpler"
	case strings.Contains(message, "size exceeds limit"):
		return 0, "this is too long; make it shorter"
	case message == "invalid matches argument":
		return 0, "this is not a regular expression"
	}
	return 0, message
}

// unknown is the mistake of a name that nothing has. CEL points at the bracket of a function and at the point of a part.
func (r *reader) unknown(text []rune, offset int, name string) (back int, words string) {
	switch {
	case strings.HasPrefix(name, "_") || strings.HasPrefix(name, "@"):
		return 0, operator(name) + " cannot be used here"
	case offset < len(text) && text[offset] == '(':
		return len([]rune(name)), `no function is called "` + name + `"` + suggest(name, callable())
	case offset < len(text) && text[offset] == '.':
		first, _, _ := strings.Cut(name, ".")
		return len([]rune(first)), `nothing is named "` + name + `"` + suggest(name, r.visible())
	}
	return 0, `no field is named "` + name + `"` + suggest(name, r.visible())
}

// visible lists the names that an expression may use.
func (r *reader) visible() []string {
	return append(r.names(), append([]string{"today"}, r.seen...)...)
}

// misfit is the mistake of values that do not go together.
func misfit(function, arguments string) string {
	names := strings.Split(arguments, ", ")
	var numbers, wholes bool
	for i, name := range names {
		names[i] = typeName(name)
		numbers = numbers || names[i] == "a number"
		wholes = wholes || names[i] == "a whole number"
	}
	hint := ""
	if numbers && wholes {
		hint = "; write a whole number with a point, such as 100.0"
	}
	if len(names) == 1 {
		return operator(function) + " cannot be used with " + names[0] + hint
	}
	return operator(function) + " cannot be used with " + strings.Join(names, " and ") + hint
}

// operator is the name of an operator or a function as people write it.
func operator(name string) string {
	return `"` + strings.Trim(strings.ReplaceAll(name, "_[_]", "[ ]"), "_@") + `"`
}

// typeName is a type of CEL's in words.
func typeName(name string) string {
	switch name {
	case "string":
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
	if strings.HasPrefix(name, "list") {
		return "a list"
	}
	return name
}
