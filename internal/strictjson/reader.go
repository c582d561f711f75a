package strictjson

import (
	"fmt"
	"slices"
)

// reader walks through a text once.
type reader struct {
	text  []byte
	at    int
	depth int
	first int      // where the outermost value stands
	top   []Member // of the outermost value; nil when that is no object
}

func read(b []byte) (*reader, error) {
	r := &reader{text: b}
	r.space()
	r.first = r.at
	if err := r.value(); err != nil {
		return nil, err
	}
	if r.space(); r.at < len(r.text) {
		return nil, r.wrong("nothing may follow the value")
	}
	return r, nil
}

func (r *reader) wrong(problem string) error { return &Error{r.at, problem} }

// peek is the byte at hand; at the end it is 0, which stands nowhere in JSON.
func (r *reader) peek() byte {
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

// skip passes the byte c if it is at hand.
func (r *reader) skip(c byte) bool {
	if r.peek() != c {
		return false
	}
	r.at++
	return true
}

func (r *reader) space() {
	for r.skip(' ') || r.skip('\t') || r.skip('\n') || r.skip('\r') {
	}
}

func (r *reader) value() error {
	switch c := r.peek(); {
	case c == '{':
		return r.object()
	case c == '[':
		return r.items(']', r.value)
	case c == '"':
		_, err := r.string()
		return err
	case c == '-' || digit(c):
		return r.number()
	case r.at == len(r.text):
		return r.wrong("the text ends where a value must stand")
	}
	return r.word()
}

func (r *reader) word() error {
	for _, word := range [...]string{"true", "false", "null"} {
		if end := r.at + len(word); end <= len(r.text) && string(r.text[r.at:end]) == word {
			r.at = end
			return nil
		}
	}
	return r.wrong("no value begins like this")
}

// few members are compared one by one; more need an index, or a long object would take the square of its length.
const few = 24

func named(members []Member) map[string]bool {
	names := make(map[string]bool, 2*len(members))
	for _, m := range members {
		names[m.Name] = true
	}
	return names
}

// object reads an object; no name may stand in it twice.
func (r *reader) object() error {
	outermost, members, seen := r.depth == 0, []Member{}, map[string]bool(nil)
	if outermost {
		members = make([]Member, 0, few)
	}
	err := r.items('}', func() error {
		m := Member{At: r.at}
		var err error
		if m.Name, err = r.name(); err != nil {
			return err
		}
		if len(members) == few {
			seen = named(members)
		}
		if seen[m.Name] || seen == nil && slices.ContainsFunc(members, func(o Member) bool { return o.Name == m.Name }) {
			return &Error{m.At, "this name stands in the object a second time"}
		}
		if seen != nil {
			seen[m.Name] = true
		}
		m.ValueAt = r.at
		err = r.value()
		m.Value = r.text[m.ValueAt:r.at]
		members = append(members, m)
		return err
	})
	if outermost {
		r.top = members
	}
	return err
}

// name reads the name of a member, and passes to its value.
func (r *reader) name() (string, error) {
	if r.peek() != '"' {
		return "", r.wrong("a name in double quotes must stand here")
	}
	name, err := r.string()
	if err != nil {
		return "", err
	}
	if r.space(); !r.skip(':') {
		return "", r.wrong("a colon must stand here")
	}
	r.space()
	return string(name), nil
}

// items reads what stands between the bracket at hand and the closing one.
func (r *reader) items(closing byte, item func() error) error {
	if r.depth == depthMost {
		return r.wrong(fmt.Sprintf("at most %d objects and lists may stand inside each other", depthMost))
	}
	r.depth++
	defer func() { r.depth-- }()
	r.at++
	if r.space(); r.skip(closing) {
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if r.space(); r.skip(closing) {
			return nil
		}
		if !r.skip(',') {
			return r.wrong("a comma or the closing bracket must stand here")
		}
		r.space()
	}
}
