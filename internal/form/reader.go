package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v4"
)

// reader reads the nodes of a form file and notes every mistake instead of stopping at the first.
type reader struct {
	mistakes  Mistakes
	later     []func(*Form)        // checks that need the whole form
	fields    map[string]yaml.Node // where each field is named
	asked     int                  // how many fields the file lists
	lines     [][]rune             // of the file
	whens     map[*Condition]*yaml.Node
	read      map[*yaml.Node]*Condition // what has been read in another language already
	tongue    string                    // the language that is being read
	languages []string
	judging   *cel.Env // the language of rules; nil until the first is read
	facts     []string // what it names beside fields and today
	language  *cel.Env // of conditions; nil until the first is read
	seen      []string // what an expression may name beside fields and today
}

func (r *reader) say(at *yaml.Node, words string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{Line: at.Line, Column: at.Column, Message: fmt.Sprintf(words, args...)})
}

// entries are the keys and values of one mapping of the file.
type entries struct {
	node *yaml.Node
	what string // "a field"
	of   map[string]entry
}

type entry struct{ key, value *yaml.Node }

// entries reads a mapping with these known keys; false when it is no mapping.
func (r *reader) entries(n *yaml.Node, what string, known ...string) (entries, bool) {
	e := entries{node: n, what: what, of: map[string]entry{}}
	if !r.is(n, yaml.MappingNode, what) {
		return e, false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch first, twice := e.of[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			r.say(key, "a key of %s must be a word, but this is %s", what, kind(key))
		case !slices.Contains(known, key.Value):
			r.say(key, "unknown key %q in %s%s", key.Value, what, suggest(key.Value, known))
		case twice:
			r.say(key, "%q stands here a second time (the first is on line %d); keep one of them", key.Value, first.key.Line)
		default:
			e.of[key.Value] = entry{key, value}
		}
	}
	return e, true
}

// is reports whether n is of this kind, and says so when it is not. An alias was reported before.
func (r *reader) is(n *yaml.Node, want yaml.Kind, what string) bool {
	if n.Kind != want && n.Kind != yaml.AliasNode {
		r.say(n, "%s must be %s, but this is %s", what, kind(&yaml.Node{Kind: want}), kind(n))
	}
	return n.Kind == want
}

// kind names the kind of a node in words.
func kind(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return `"key: value" lines`
	case n.Kind == yaml.SequenceNode:
		return `a list ("- …" lines)`
	case n.Kind == yaml.ScalarNode && n.Tag == "!!null":
		return "empty"
	default:
		return "text"
	}
}

// text reads an optional text: "" when the key is absent. A key without a value is a mistake.
func (r *reader) text(e entries, key string) string {
	at, ok := e.of[key]
	if !ok || !r.is(at.value, yaml.ScalarNode, strconv.Quote(key)) {
		return ""
	}
	if at.value.Tag == "!!null" {
		r.say(at.value, "%q is empty; write a value behind it or delete the line", key)
		return ""
	}
	return strings.TrimSpace(at.value.Value)
}

// need reads a text that must be there.
func (r *reader) need(e entries, key string) string {
	at, ok := e.of[key]
	text := r.text(e, key)
	switch {
	case !ok:
		r.say(e.node, "%s needs %q; add a line %q", e.what, key, key+": …")
	case text == "" && at.value.Kind == yaml.ScalarNode && at.value.Tag != "!!null":
		r.say(at.value, "%q is empty; write a value behind it", key)
	}
	return text
}

// truth reads an optional true or false.
func (r *reader) truth(e entries, key string) bool {
	text := r.text(e, key)
	if text != "" && text != "true" && text != "false" {
		r.say(e.of[key].value, "%q must be true or false, not %q", key, text)
	}
	return text == "true"
}

// whole reads an optional whole number between low and high: absent when there is none.
func (r *reader) whole(e entries, key string, low, high, absent int) int {
	text := r.text(e, key)
	if text == "" {
		return absent
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < low || number > high {
		r.say(e.of[key].value, "%q must be a whole number from %d to %d, not %q", key, low, high, text)
		return absent
	}
	return number
}

// list reads an optional list.
func (r *reader) list(e entries, key string) []*yaml.Node {
	at, ok := e.of[key]
	if !ok || !r.is(at.value, yaml.SequenceNode, strconv.Quote(key)) {
		return nil
	}
	return at.value.Content
}

// word reads a text that must be one of a few: absent when the key is, and when it is another.
func (r *reader) word(e entries, key, absent string, known ...string) string {
	text := r.text(e, key)
	if text == "" {
		return absent
	}
	if r.among(e.of[key].value, key, known...) == "" {
		return absent
	}
	return text
}

// among is the word at n when it is one of a few; else it says so and returns "".
func (r *reader) among(n *yaml.Node, what string, known ...string) string {
	text := strings.TrimSpace(n.Value)
	if !slices.Contains(known, text) {
		r.say(n, "unknown %s %q%s", what, text, suggest(text, known))
		return ""
	}
	return text
}
