package formfile

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/form/formkeys"
	"docket/internal/form/rules"
	"docket/internal/spelling"
)

// reader reads the nodes of a form file and notes every mistake instead of stopping at the first.
type reader struct {
	mistakes   Mistakes
	deferred   []func(*form.Form)   // checks that need the whole form
	fields     map[string]yaml.Node // where each field is named
	fieldCount int                  // how many fields the file lists; of a group, those of all its rows
	group      string               // whose fields are being read; empty: those of the form
	lines      [][]rune             // of the file
	languages  []string
	zone       *time.Location      // of the form
	language   string              // that is being read
	folder     string              // of the form file; empty: not known, and files beside it are not read
	lists      map[string]readList // by name

	// Expressions are compiled once for all languages.
	compiler       *rules.Compiler
	rowCompilers   map[string]*rules.Compiler // by the name of the group
	conditions     map[*yaml.Node]*form.Condition
	conditionNodes map[*form.Condition]*yaml.Node
	rules          map[*yaml.Node]*form.Rule
	times          map[*yaml.Node]*form.Time
}

func (r *reader) addMistake(at *yaml.Node, words string, args ...any) {
	r.mistakes = append(r.mistakes, Mistake{Line: at.Line, Column: at.Column, Message: fmt.Sprintf(words, args...)})
}

// addExpressionMistakes notes mistakes in the expression at a node.
func (r *reader) addExpressionMistakes(at *yaml.Node, text string, mistakes []rules.Mistake) {
	for _, mistake := range mistakes {
		line, column := r.positionIn(at, []rune(text), mistake.Offset)
		r.mistakes = append(r.mistakes, Mistake{line, column, mistake.Message})
	}
}

// deferCheck runs a check when the whole form is known.
func (r *reader) deferCheck(check func(*form.Form)) { r.deferred = append(r.deferred, check) }

// mapping is one mapping of the file.
type mapping struct {
	node    *yaml.Node
	what    string // "a field"
	entries map[string]entry
}

type entry struct{ key, value *yaml.Node }

// readObject reads a mapping of one of the kinds in formkeys; false when it is no mapping.
func (r *reader) readObject(n *yaml.Node, name string) (mapping, bool) {
	object, ok := formkeys.Find(name)
	if !ok {
		panic("formkeys has no " + name)
	}
	return r.readMapping(n, object.What, object.Names()...)
}

// readMapping reads a mapping with these known keys; false when it is no mapping.
func (r *reader) readMapping(n *yaml.Node, what string, known ...string) (mapping, bool) {
	m := mapping{node: n, what: what, entries: map[string]entry{}}
	if !r.checkKind(n, yaml.MappingNode, what) {
		return m, false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch first, twice := m.entries[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			r.addMistake(key, "a key of %s must be a word, but this is %s", what, kindInWords(key))
		case !slices.Contains(known, key.Value):
			r.addMistake(key, "unknown key %q in %s%s", key.Value, what, suggestKey(n, key, value, known))
		case twice:
			r.addMistake(key, "%q stands here a second time (the first is on line %d); keep one of them", key.Value, first.key.Line)
		default:
			m.entries[key.Value] = entry{key, value}
		}
	}
	return m, true
}

// suggestKey says what to write in place of an unknown key. One without a value, as only { } has them, is the rest of a value with a
// comma in it, such as "30d) < 3".
func suggestKey(of, key, value *yaml.Node, known []string) string {
	if of.Style&yaml.FlowStyle != 0 && value.Tag == "!!null" && value.Value == "" {
		return "; inside { } a value with a comma in it stands in quotes"
	}
	return spelling.Suggestion(key.Value, known)
}

// checkKind reports whether n is of this kind, and notes when it is not. An alias was noted before.
func (r *reader) checkKind(n *yaml.Node, want yaml.Kind, what string) bool {
	if n.Kind != want && n.Kind != yaml.AliasNode {
		r.addMistake(n, "%s must be %s, but this is %s", what, kindInWords(&yaml.Node{Kind: want}), kindInWords(n))
	}
	return n.Kind == want
}

// kindInWords names the kind of a node.
func kindInWords(n *yaml.Node) string {
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

// readText reads an optional text: "" when the key is absent. A key without a value is a mistake.
func (r *reader) readText(m mapping, key string) string {
	at, ok := m.entries[key]
	if !ok || !r.checkKind(at.value, yaml.ScalarNode, strconv.Quote(key)) {
		return ""
	}
	if at.value.Tag == "!!null" {
		r.addMistake(at.value, "%q is empty; write a value behind it or delete the line", key)
		return ""
	}
	return strings.TrimSpace(at.value.Value)
}

// readRequired reads a text that must be there.
func (r *reader) readRequired(m mapping, key string) string {
	at, ok := m.entries[key]
	text := r.readText(m, key)
	switch {
	case !ok:
		r.addMistake(m.node, "%s needs %q; add a line %q", m.what, key, key+": …")
	case text == "" && at.value.Kind == yaml.ScalarNode && at.value.Tag != "!!null":
		r.addMistake(at.value, "%q is empty; write a value behind it", key)
	}
	return text
}

// readBool reads an optional true or false.
func (r *reader) readBool(m mapping, key string) bool {
	text := r.readText(m, key)
	if text != "" && text != "true" && text != "false" {
		r.addMistake(m.entries[key].value, "%q must be true or false, not %q", key, text)
	}
	return text == "true"
}

// readInt reads an optional whole number between low and high: absent when there is none.
func (r *reader) readInt(m mapping, key string, low, high, absent int) int {
	text := r.readText(m, key)
	if text == "" {
		return absent
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < low || number > high {
		r.addMistake(m.entries[key].value, "%q must be a whole number from %d to %d, not %q", key, low, high, text)
		return absent
	}
	return number
}

// readList reads an optional list.
func (r *reader) readList(m mapping, key string) []*yaml.Node {
	at, ok := m.entries[key]
	if !ok || !r.checkKind(at.value, yaml.SequenceNode, strconv.Quote(key)) {
		return nil
	}
	return at.value.Content
}

// readWord reads a text that must be one of a few: absent when the key is, and when it is another.
func (r *reader) readWord(m mapping, key, absent string, known ...string) string {
	text := r.readText(m, key)
	if text == "" || r.wordAt(m.entries[key].value, key, known...) == "" {
		return absent
	}
	return text
}

// wordAt is the word at n when it is one of a few; else it notes that it is not and returns "".
func (r *reader) wordAt(n *yaml.Node, what string, known ...string) string {
	text := strings.TrimSpace(n.Value)
	if !slices.Contains(known, text) {
		r.addMistake(n, "unknown %s %q%s", what, text, spelling.Suggestion(text, known))
		return ""
	}
	return text
}
