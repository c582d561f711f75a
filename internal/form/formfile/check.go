package formfile

import (
	"go.yaml.in/yaml/v4"

	"docket/internal/form"
)

const maxChecks = 100

// readChecks reads the list of checks between answers.
func (r *reader) readChecks(m mapping) []form.Check {
	var checks []form.Check
	for _, n := range r.readList(m, "checks") {
		if check, ok := r.readCheck(n); ok {
			checks = append(checks, check)
		}
		if len(checks) == maxChecks+1 {
			r.addMistake(n, "this is check number %d; a form has at most %d", len(checks), maxChecks)
		}
	}
	return checks
}

// readCheck reads one check.
func (r *reader) readCheck(n *yaml.Node) (form.Check, bool) {
	m, ok := r.readObject(n, "check")
	if !ok {
		return form.Check{}, false
	}
	m = r.translate(m, "text")
	r.readRequired(m, "when")
	check := form.Check{When: r.readPlainCondition(m), Fields: r.readFieldNames(m, "fields"), Text: r.readRequired(m, "text")}
	at, given := m.entries["fields"]
	switch {
	case !given:
		r.addMistake(n, `a check needs "fields", at which the problem is shown; add "fields: [NAME]"`)
	case at.value.Kind == yaml.SequenceNode && len(at.value.Content) == 0:
		r.addMistake(at.value, `"fields" is empty; name the fields at which the problem is shown`)
	}
	return check, check.When != nil
}
