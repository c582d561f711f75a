// Package strictjson reads JSON that every reader understands alike. What encoding/json, the database and the sender could
// understand differently is refused, with the position of the byte.
package strictjson

import (
	"errors"
	"fmt"
	"strings"
)

const (
	maxDepth    = 32  // objects and arrays inside each other
	maxNumber   = 400 // characters of a number: what a float64 holds can be written in fewer
	maxExponent = 308 // jsonb prints numbers in full: eight bytes could become 131,072
)

// Error is the first thing in a text that is refused.
type Error struct {
	Offset  int // of the byte, counted from 0
	Problem string
}

func (e *Error) Error() string { return fmt.Sprintf("at byte %d: %s", e.Offset, e.Problem) }

// Member is one member of an object.
type Member struct {
	Name    string
	At      int    // offset of the name in the text
	Value   []byte // as it was sent
	ValueAt int    // offset of the value in the text
}

// Object returns the members of the object b, in their order. It returns an *Error when b is not exactly one object, when
// readers could understand it differently, and for a name that differs from one of known only in its case: encoding/json
// would take it for that one.
func Object(b []byte, known ...string) ([]Member, error) {
	r, err := parse(b)
	if err != nil {
		return nil, err
	}
	if r.top == nil {
		return nil, &Error{r.first, "an object must stand here"}
	}
	return r.top, checkCase(r.top, known)
}

// Object reads the value of m as the function Object does. Offsets count from the beginning of the whole text.
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

func checkCase(members []Member, known []string) error {
	for _, m := range members {
		for _, name := range known {
			if m.Name != name && strings.EqualFold(m.Name, name) {
				return &Error{m.At, fmt.Sprintf("this name is written %q", name)}
			}
		}
	}
	return nil
}
