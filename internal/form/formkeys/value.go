package formkeys

import (
	"fmt"
	"strings"

	"docket/internal/evidence"
)

// Value is what may be written behind a key.
type Value struct {
	schema map[string]any
	words  string // as the reference says it, in Markdown; the name of the object follows
	object string // that it is, or of which it is a list
	good   []any  // samples of what it takes
	bad    []any  // and of what it does not
}

// text is the JSON Schema of what the reader takes as a text: YAML may read a number or a boolean in it.
func text() map[string]any {
	return map[string]any{"type": []string{"string", "number", "boolean"}}
}

// Text is one text.
func Text() Value { return Value{schema: text(), words: "text"} }

// Texts is a text that people read, in each language of the form.
func Texts() Value {
	byLanguage := map[string]any{"type": "object", "minProperties": 1, "propertyNames": map[string]any{"pattern": "^[A-Za-z0-9-]+$"}, "additionalProperties": text()}
	return Value{schema: map[string]any{"anyOf": []any{text(), byLanguage}}, words: "text, in each language"}
}

// Word is one of a few words.
func Word(words ...string) Value {
	v := Value{schema: map[string]any{"enum": words}, words: inCode(words), bad: []any{"no_such_word"}}
	for _, word := range words {
		v.good = append(v.good, word)
	}
	return v
}

// Words is a list of some of a few words.
func Words(words ...string) Value {
	v := Value{schema: listOf(map[string]any{"enum": words}), words: "list of " + inCode(words), bad: []any{[]any{"no_such_word"}}}
	for _, word := range words {
		v.good = append(v.good, []any{word})
	}
	return v
}

// Flag is true or false.
func Flag() Value {
	return Value{schema: map[string]any{"enum": []any{true, false, "true", "false"}}, words: "`true`, `false`", good: []any{false}, bad: []any{"yes", 1}}
}

// Count is a whole number.
func Count(low, high int) Value {
	return Value{
		schema: map[string]any{"type": "integer", "minimum": low, "maximum": high}, words: fmt.Sprintf("%d to %d", low, high),
		good: []any{low, high}, bad: []any{low - 1, high + 1, "many"},
	}
}

// Codes is one code, or a list of them.
func Codes() Value {
	return Value{schema: map[string]any{"anyOf": []any{text(), listOf(text())}}, words: "code, list of codes"}
}

// Condition is an expression in CEL.
func Condition() Value { return Value{schema: text(), words: "condition"} }

// Matching is a text of a shape, which words describe.
func Matching(pattern, words string) Value {
	return Value{schema: map[string]any{"type": "string", "pattern": pattern}, words: words}
}

// Names is a list of names, which words describe.
func Names(words string) Value { return Value{schema: listOf(text()), words: words} }

// Free is a mapping with keys of its own, which words describe.
func Free(words string) Value {
	return Value{schema: map[string]any{"type": "object"}, words: words}
}

// Numbers is a mapping of keys of its own, of a shape, to numbers.
func Numbers(pattern, words string) Value {
	schema := map[string]any{"type": "object", "propertyNames": map[string]any{"pattern": pattern}, "additionalProperties": map[string]any{"type": "number"}}
	return Value{schema: schema, words: words}
}

// Places is a mapping of keys of its own to places where answers are read, which words describe.
func Places(words string) Value {
	place := map[string]any{"type": "string", "pattern": `^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?\.(` + strings.Join([]string{evidence.MRZ, evidence.QR}, "|") + `)\.[a-z_]+$`}
	schema := map[string]any{"type": "object", "additionalProperties": map[string]any{"anyOf": []any{place, listOf(place)}}}
	return Value{schema: schema, words: words}
}

// In is a mapping: an object of this name.
func In(object string) Value {
	return Value{schema: reference(object), object: object}
}

// List is a list of objects of this name.
func List(object string) Value {
	return Value{schema: listOf(reference(object)), words: "list of ", object: object}
}

// NamesOrList is a list of names, which words describe, and of objects of this name.
func NamesOrList(words, object string) Value {
	return Value{schema: listOf(map[string]any{"anyOf": []any{text(), reference(object)}}), words: words + " and of ", object: object}
}

func listOf(schema map[string]any) map[string]any {
	return map[string]any{"type": "array", "items": schema}
}

func reference(object string) map[string]any {
	return map[string]any{"$ref": "#/$defs/" + object}
}

// mostListed is the number of words up to which the reference lists them all.
const mostListed = 8

func inCode(words []string) string {
	if len(words) > 2*mostListed {
		return "`" + strings.Join(words[:mostListed], "`, `") + "`, …"
	}
	return "`" + strings.Join(words, "`, `") + "`"
}
