package strictjson

import (
	"fmt"
	"slices"
)

// reader reads a text from its beginning to its end, once.
type reader struct {
	text  []byte
	at    int
	depth int
	first int      // where the outermost value begins
	top   []Member // of the outermost value; nil when that is no object
}

func parse(b []byte) (*reader, error) {
	r := &reader{text: b}
	r.skipSpace()
	r.first = r.at
	if err := r.readValue(); err != nil {
		return nil, err
	}
	if r.skipSpace(); r.at < len(r.text) {
		return nil, r.errorAt("nothing may follow the value")
	}
	return r, nil
}

func (r *reader) errorAt(problem string) error { return &Error{r.at, problem} }

// peek is the byte at the reading position; at the end it is 0, which no JSON holds.
func (r *reader) peek() byte {
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

// skip reads the byte c if it is next.
func (r *reader) skip(c byte) bool {
	if r.peek() != c {
		return false
	}
	r.at++
	return true
}

func (r *reader) skipSpace() {
	for r.skip(' ') || r.skip('\t') || r.skip('\n') || r.skip('\r') {
	}
}

func (r *reader) readValue() error {
	switch c := r.peek(); {
	case c == '{':
		return r.readObject()
	case c == '[':
		return r.readItems(']', r.readValue)
	case c == '"':
		_, err := r.readString()
		return err
	case c == '-' || isDigit(c):
		return r.readNumber()
	case r.at == len(r.text):
		return r.errorAt("the text ends where a value must stand")
	}
	return r.readLiteral()
}

func (r *reader) readLiteral() error {
	for _, word := range [...]string{"true", "false", "null"} {
		if end := r.at + len(word); end <= len(r.text) && string(r.text[r.at:end]) == word {
			r.at = end
			return nil
		}
	}
	return r.errorAt("no value begins like this")
}

// linearMembers is how many names are compared one by one. More get an index: comparing would take the square of their number.
const linearMembers = 24

func indexNames(members []Member) map[string]bool {
	names := make(map[string]bool, 2*len(members))
	for _, m := range members {
		names[m.Name] = true
	}
	return names
}

// readObject reads an object and refuses a repeated name.
func (r *reader) readObject() error {
	outermost, members, seen := r.depth == 0, []Member{}, map[string]bool(nil)
	if outermost {
		members = make([]Member, 0, linearMembers)
	}
	err := r.readItems('}', func() error {
		m := Member{At: r.at}
		var err error
		if m.Name, err = r.readName(); err != nil {
			return err
		}
		if len(members) == linearMembers {
			seen = indexNames(members)
		}
		if seen[m.Name] || seen == nil && slices.ContainsFunc(members, func(o Member) bool { return o.Name == m.Name }) {
			return &Error{m.At, "this name stands in the object a second time"}
		}
		if seen != nil {
			seen[m.Name] = true
		}
		m.ValueAt = r.at
		err = r.readValue()
		m.Value = r.text[m.ValueAt:r.at]
		members = append(members, m)
		return err
	})
	if outermost {
		r.top = members
	}
	return err
}

// readName reads the name of a member and the colon behind it.
func (r *reader) readName() (string, error) {
	if r.peek() != '"' {
		return "", r.errorAt("a name in double quotes must stand here")
	}
	name, err := r.readString()
	if err != nil {
		return "", err
	}
	if r.skipSpace(); !r.skip(':') {
		return "", r.errorAt("a colon must stand here")
	}
	r.skipSpace()
	return string(name), nil
}

// readItems reads what is between the opening bracket, which is next, and the closing one.
func (r *reader) readItems(closing byte, item func() error) error {
	if r.depth == maxDepth {
		return r.errorAt(fmt.Sprintf("at most %d objects and lists may stand inside each other", maxDepth))
	}
	r.depth++
	defer func() { r.depth-- }()
	r.at++
	if r.skipSpace(); r.skip(closing) {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if r.skipSpace(); r.skip(closing) {
			return nil
		}
		if !r.skip(',') {
			return r.errorAt("a comma or the closing bracket must stand here")
		}
		r.skipSpace()
	}
}
