package formkeys

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"docket/internal/form"
)

const (
	referenceBegin = "<!-- Written by make generate from internal/form/formkeys: change it there. -->\n"
	referenceEnd   = "<!-- The end of what make generate writes. -->\n"
)

// UpdateReference is a page in Markdown with the reference of every key between its two marks; an error when it does not have them.
func UpdateReference(page []byte) ([]byte, error) {
	before, rest, begins := bytes.Cut(page, []byte(referenceBegin))
	_, after, ends := bytes.Cut(rest, []byte(referenceEnd))
	if !begins || !ends {
		return nil, errors.New("the page does not have the two marks between which the reference stands")
	}
	var reference bytes.Buffer
	for _, object := range Objects() {
		object.writeTo(&reference)
	}
	return bytes.Join([][]byte{before, []byte(referenceBegin), reference.Bytes(), []byte("\n" + referenceEnd), after}, nil), nil
}

// writeTo writes the part of the reference about an object.
func (o Object) writeTo(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n### %s\n\n", o.heading())
	if o.About != "" {
		fmt.Fprintf(b, "%s\n\n", o.About)
	}
	b.WriteString("| key | takes | meaning | default | example |\n|---|---|---|---|---|\n")
	for _, key := range o.Keys {
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | `%s` |\n", key.Name, key.Value.describe(), o.meaning(key), key.defaultWords(), strings.ReplaceAll(key.Example, "|", `\|`))
	}
}

func (o Object) heading() string { return "Keys of " + strings.Trim(o.What, `"`) }

// link leads to an object in the reference.
func (o Object) link() string {
	return "[" + o.Name + "](#" + strings.ToLower(strings.ReplaceAll(o.heading(), " ", "-")) + ")"
}

// describe is what may be written, in Markdown.
func (v Value) describe() string {
	if object, ok := Find(v.object); ok {
		return v.words + object.link()
	}
	return v.words
}

// meaning is what a key means, and of which types of field it is.
func (o Object) meaning(key Key) string {
	types, limited := form.TypesTaking(key.Name)
	if !o.isField() || !limited {
		return key.Means
	}
	return key.Means + "; of " + inCode(typeNames(types))
}

// defaultWords say what holds without a key.
func (k Key) defaultWords() string {
	if k.Required {
		return "**required**"
	}
	return k.Default
}
