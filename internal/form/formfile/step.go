package formfile

import (
	"cmp"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
)

// maxSteps is the most steps in which a ticket may be approved.
const maxSteps = 10

// readSteps reads the steps in which tickets are approved.
func (r *reader) readSteps(m mapping) (steps []form.Step) {
	seen := map[string]int{}
	for i, n := range r.readList(m, "steps") {
		if i == maxSteps {
			r.addMistake(n, "this is step number %d; a form has at most %d", i+1, maxSteps)
		}
		if step, ok := r.readStep(n, seen); ok {
			steps = append(steps, step)
		}
	}
	if second, both := m.entries["second_approval"]; both && len(steps) > 0 {
		r.addMistake(second.key, `"steps" and "second_approval" exclude each other; a step for each of the two is the same`)
	}
	return steps
}

// readStep reads one step; seen keeps on which line each name stands.
func (r *reader) readStep(n *yaml.Node, seen map[string]int) (form.Step, bool) {
	m, ok := r.readObject(n, "step")
	if !ok {
		return form.Step{}, false
	}
	m = r.translate(m, "title")
	step := form.Step{
		Name: r.readRequired(m, "name"), Who: r.readAddress(m, "who"), Team: r.readText(m, "team"), Key: r.readText(m, "key"),
		When: r.readPlainCondition(m), SideBySide: r.readBool(m, "side_by_side"), MustExist: r.readBool(m, "must_exist"), Remind: r.readWait(m, "remind"),
	}
	step.Title = cmp.Or(r.readText(m, "title"), step.Name)
	if first, twice := seen[step.Name]; twice {
		r.addMistake(m.entries["name"].value, "the name %q is taken by the step on line %d; choose another", step.Name, first)
	}
	seen[step.Name] = n.Line
	if at, given := m.entries["stand_in"]; given {
		if s, ok := r.readObject(at.value, "stand_in"); ok {
			r.readRequired(s, "after")
			step.StandIn, step.StandInTeam = r.readWait(s, "after"), r.readRequired(s, "team")
			r.checkTeam(s, step.StandInTeam)
		}
	}
	r.checkTeam(m, step.Team)
	if step.Name != "" && !systemName().MatchString(step.Name) {
		r.addMistake(m.entries["name"].value, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits, - and _", step.Name)
	}
	if at, given := m.entries["must_exist"]; given && step.Who == nil {
		r.addMistake(at.key, `"must_exist" is about the address that "who" gives, and there is no "who"; delete the line`)
	}
	if step.Who == nil && step.Team == "" && step.Key == "" {
		r.addMistake(n, `a step needs "who", "team" or "key": whom it asks`)
	}
	return step, true
}

// checkTeam notes that a team cannot have this name.
func (r *reader) checkTeam(m mapping, name string) {
	if name != "" && (!systemName().MatchString(name) || name == "everyone") {
		r.addMistake(m.entries["team"].value, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits, - and _", name)
	}
}

// readAddress reads an expression that gives an e-mail address; nil when there is none. It is compiled when all fields are known.
func (r *reader) readAddress(m mapping, key string) *form.Address {
	text := r.readText(m, key)
	if text == "" {
		return nil
	}
	address, at := &form.Address{Text: text}, m.entries[key].value
	r.deferCheck(func(*form.Form) { r.addExpressionMistakes(at, text, r.compiler.Address(address, key)) })
	return address
}
