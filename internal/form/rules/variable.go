package rules

import (
	"cel.dev/cel-go/cel"
)

// variable is a name that expressions may use.
type variable struct {
	name string
	kind *cel.Type
}

// declare declares variables. A name that two of them have fits every type: it is a mistake of a field, and no other follows from it.
func declare(all []variable) (options []cel.EnvOption) {
	kinds := map[string]*cel.Type{}
	for _, v := range all {
		if known, twice := kinds[v.name]; twice && !known.IsExactType(v.kind) {
			v.kind = cel.DynType
		}
		kinds[v.name] = v.kind
	}
	for name, kind := range kinds {
		options = append(options, cel.Variable(name, kind))
	}
	return options
}

// Overlap is a name under which expressions see a part of the answer to a field.
type Overlap struct{ Field, Name string }

// Overlaps are the names under which expressions see a part of an answer and something else.
func (c *Compiler) Overlaps() (overlaps []Overlap) {
	taken := map[string]bool{}
	for _, v := range append(factVariables(c.form), grantVariables(c.form.Grant)...) {
		taken[v.name] = true
	}
	for field := range c.form.Seen() {
		taken[answersPrefix+field.Name] = field.HasOwnValue()
	}
	for field := range c.form.Seen() {
		for _, part := range field.Parts() {
			if taken[part.Name] {
				overlaps = append(overlaps, Overlap{field.Name, part.Name})
			}
		}
	}
	return overlaps
}
