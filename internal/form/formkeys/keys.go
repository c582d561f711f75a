// Package formkeys lists every key of a form file: what is written behind it, what it means, and an example. The reader takes the keys
// that it knows from here; the JSON Schema for editors and the reference in docs/forms.md are made of it.
package formkeys

import (
	"slices"
	"sync"
)

// Key is one key of a form file.
type Key struct {
	Name     string
	Value    Value  // what is written behind it
	Means    string // a phrase in Markdown, without a full stop
	Default  string // what holds when the key is left out, as a phrase in Markdown; "" when that is plain
	Example  string // a piece of YAML that a form may have where the Object says
	Required bool
}

// Object is one kind of mapping in a form file.
type Object struct {
	Name   string // in lower case: "field"
	What   string // as messages call it: "a field"
	About  string // a sentence or more in Markdown, above its keys; "" when its keys say all
	Around string // the lines of a form in which an example of this object takes the place of %s; "" of the form itself
	Keys   []Key
}

// objects lists every kind of mapping, in the order of the reference.
func objects() []Object {
	return []Object{
		formObject(),
		sectionObject(),
		fieldObject(),
		qrObject(),
		citizenNumberObject(),
		optionObject(),
		checkObject(),
		reasonObject(),
		ruleObject(),
		exampleObject(),
		historyObject(),
		duplicatesObject(),
		decisionsObject(),
		approveObject(),
		askedObject(),
		stepObject(),
		standInObject(),
		queueObject(),
		secondApprovalObject(),
		slaObject(),
		retainObject(),
		themeObject(),
		mailObject(),
		mailTextObject(),
		approvalObject(),
	}
}

// Objects are all kinds of mappings of a form file, in the order of the reference.
func Objects() []Object { return slices.Clone(knownObjects()) }

var knownObjects = sync.OnceValue(objects)

// Find finds a kind of mapping by its name; false when there is none.
func Find(name string) (Object, bool) {
	i := slices.IndexFunc(knownObjects(), func(o Object) bool { return o.Name == name })
	if i < 0 {
		return Object{}, false
	}
	return knownObjects()[i], true
}

// Names are the names of the keys of an object, in its order.
func (o Object) Names() []string {
	names := make([]string, len(o.Keys))
	for i, key := range o.Keys {
		names[i] = key.Name
	}
	return names
}
