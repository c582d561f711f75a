// Package strictjson reads JSON in the one way in which every reader understands it: what encoding/json, the database and
// the sender could understand differently is refused, with the place where it stands.
package strictjson

import (
	"errors"
	"fmt"
	"strings"
)

const (
	depthMost    = 32  // objects and lists inside each other
	numberMost   = 400 // characters of a number: what a float64 holds can be written in fewer
	exponentMost = 308 // a database writes numbers out: one of eight bytes could become one of 131,072
)

// Error is the first thing in a text that keeps it from being read.
type Error struct {
	Offset  int // of the byte, counted from 0
	Problem string
}

func (e *Error) Error() string { return fmt.Sprintf("at byte %d: %s", e.Offset, e.Problem) }

// Member is one member of an object.
type Member struct {
	Name    string
	At      int    // where the name stands in the text
	Value   []byte // as it was sent
	ValueAt int    // where the value stands in the text
}

// Object is the members of the one object that b is, in their order. What is not one JSON value that everybody reads
// alike is an *Error, and so are any other value and a name that differs only in its case from one of known: other
// readers would take it for that.
func Object(b []byte, known ...string) ([]Member, error) {
	r, err := read(b)
	if err != nil {
		return nil, err
	}
	if r.top == nil {
		return nil, &Error{r.first, "an object must stand here"}
	}
	return r.top, cased(r.top, known)
}

// Object reads the value of m as Object reads a text; places are still those in the text that m stands in.
func (m Member) Object(known ...string) ([]Member, error) {
	members, err := Object(m.Value, known...)
	if refused, ok := errors.AsType[*Error](err); ok {
		return nil, &Error{m.ValueAt + refused.Offset, refused.Problem}
	}
	for i := range members {
		members[i].At += m.ValueAt
		members[i].ValueAt += m.ValueAt
	}
	return members, err
}

func cased(members []Member, known []string) error {
	for _, m := range members {
		for _, name := range known {
			if m.Name != name && strings.EqualFold(m.Name, name) {
				return &Error{m.At, fmt.Sprintf("this name is written %q", name)}
			}
		}
	}
	return nil
}
