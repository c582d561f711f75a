package rules

import (
	"slices"

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

// language makes a language of the form, and notes what it names.
func (c *Compiler) language(more ...variable) (*cel.Env, error) {
	for _, v := range more {
		c.named = append(c.named, v.name)
	}
	for field := range c.form.Seen() {
		if field.HasOwnValue() {
			c.named = append(c.named, answersPrefix+field.Name)
		}
	}
	return newEnvironment(c.form, more...)
}

// Overlaps are the names under which the expressions that were compiled see a part of an answer and something else.
func (c *Compiler) Overlaps() (overlaps []Overlap) {
	for field := range c.form.Seen() {
		for _, part := range field.Parts() {
			if slices.Contains(c.named, part.Name) {
				overlaps = append(overlaps, Overlap{field.Name, part.Name})
			}
		}
	}
	return overlaps
}
