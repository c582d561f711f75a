package formfile

import "docket/internal/form"

// readCondition reads an expression that is true or false; nil when there is none. It is compiled when all fields are known.
func (r *reader) readCondition(m mapping, key, self string) *form.Condition {
	text := r.readText(m, key)
	if text == "" {
		return nil
	}
	at := m.entries[key].value
	if c, known := r.conditions[at]; known {
		return c
	}
	c := &form.Condition{Text: text}
	r.conditionNodes[c], r.conditions[at] = at, c
	group := r.group
	r.deferCheck(func(f *form.Form) {
		r.addExpressionMistakes(at, text, r.compilerOf(f, group).Condition(c, key, self))
		if _, explained := m.entries["when_help"]; c.Holds != nil && c.Terms == nil && !explained {
			r.addMistake(at, `this cannot be put in words by itself; add "when_help: …" to tell people when it is needed`)
		}
	})
	return c
}

// readWhenHelp reads the words that tell people when a condition holds.
func (r *reader) readWhenHelp(m mapping) string {
	at, explained := m.entries["when_help"]
	_, when := m.entries["when"]
	if _, required := m.entries["required_when"]; explained && !when && !required {
		r.addMistake(at.key, `"when_help" explains a "when" or a "required_when", and there is none; add one or delete the line`)
	}
	return r.readText(m, "when_help")
}
