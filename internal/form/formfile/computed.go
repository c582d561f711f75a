package formfile

import "docket/internal/form"

// readComputed reads the expression whose value is the answer to a field; nil when people answer it. It is compiled when all fields are
// known.
func (r *reader) readComputed(m mapping, field form.Field) *form.Computation {
	text := r.readText(m, "computed")
	if text == "" {
		return nil
	}
	at := m.entries["computed"]
	if len(field.Currencies) > 1 {
		r.addMistake(at.key, `what is computed is in one currency; name one in "currency"`)
	}
	for _, key := range []string{"required", "required_when", "missing"} {
		if other, given := m.entries[key]; given {
			r.addMistake(other.key, "nobody answers what is computed; delete %q", key)
		}
	}
	computed := &form.Computation{Text: text}
	r.deferCheck(func(f *form.Form) {
		if _, own := f.Field(field.Name); !own {
			r.addMistake(at.key, "in the rows of a group nothing is computed; compute it beside the group")
			return
		}
		r.addExpressionMistakes(at.value, text, r.compiler.Computation(computed, field.Name))
		for _, name := range computed.Fields {
			if other, _ := f.Field(name); other.Computed != nil && name != field.Name {
				r.addMistake(at.value, "%q is computed itself; name the fields that it is computed of", name)
			}
		}
	})
	return computed
}

// checkUncomputed notes conditions of fields that look at what is computed, which is known only when it is known what is asked.
func (r *reader) checkUncomputed(f *form.Form) {
	for c, at := range r.conditionNodes {
		for _, name := range c.Fields {
			if field, _ := f.Field(name); field.Computed != nil {
				r.addMistake(at, "%q is computed of what is asked; what is asked cannot depend on it", name)
			}
		}
	}
}
