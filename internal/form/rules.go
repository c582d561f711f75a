package form

import (
	"regexp"
	"slices"
	"sync"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/cost"
	"go.yaml.in/yaml/v4"
)

const (
	maxCost  = 20_000 // in CEL's units; about a millisecond
	maxRules = 100
)

var ruleName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`) })

// rules reads the list of rules.
func (r *reader) rules(e entries) []Rule {
	var rules []Rule
	seen := map[string]int{}
	for _, n := range r.list(e, "rules") {
		if rule, ok := r.rule(n, seen); ok {
			rules = append(rules, rule)
		}
		if len(rules) == maxRules+1 {
			r.say(n, "this is rule number %d; a form has at most %d", len(rules), maxRules)
		}
	}
	return rules
}

// rule reads one rule; seen keeps on which line each name stands.
func (r *reader) rule(n *yaml.Node, seen map[string]int) (Rule, bool) {
	e, ok := r.entries(n, "a rule", "name", "when", "decide", "reason", "shadow")
	if !ok {
		return Rule{}, false
	}
	rule := Rule{
		Name: r.need(e, "name"), Reason: r.text(e, "reason"), Shadow: r.truth(e, "shadow"),
		Decide: Outcome(r.word(e, "decide", string(Nothing), string(Approve), string(Reject))),
		When:   &Condition{Text: r.need(e, "when")},
	}
	if first, twice := seen[rule.Name]; twice {
		r.say(e.of["name"].value, "the name %q is taken by the rule on line %d; choose another", rule.Name, first)
	} else if rule.Name != "" && !ruleName().MatchString(rule.Name) {
		r.say(e.of["name"].value, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits, - and _", rule.Name)
	}
	seen[rule.Name] = n.Line
	r.outcome(e, rule)
	rule.Hash = rule.hash()
	at := e.of["when"].value
	if c, known := r.read[at]; known {
		rule.When = c
	} else if rule.When.Text != "" {
		r.read[at] = rule.When
		r.later = append(r.later, func(whole *Form) { r.understand(whole, at, rule.When) })
	}
	return rule, true
}

// outcome checks what a rule decides.
func (r *reader) outcome(e entries, rule Rule) {
	reason, said := e.of["reason"]
	switch _, decides := e.of["decide"]; {
	case !decides:
		r.say(e.node, `a rule needs "decide": approve or reject`)
	case rule.Decide == Reject && !said:
		r.say(e.node, `a rule that rejects needs "reason", the code of one of the reasons`)
	case rule.Decide == Approve && said:
		r.say(reason.key, `a rule that approves has no "reason"; delete the line`)
	case rule.Reason != "":
		r.later = append(r.later, func(whole *Form) {
			known, ok := whole.Reason(rule.Reason)
			if !ok {
				r.say(reason.value, "no reason has the code %q%s", rule.Reason, suggest(rule.Reason, whole.codes()))
			} else if known.Text == "" {
				r.say(reason.value, "a rule can write nothing, and the reason %q has no text; choose one that has", rule.Reason)
			}
		})
	}
}

func (f *Form) codes() []string {
	var codes []string
	for _, reason := range f.Reasons {
		codes = append(codes, reason.Code)
	}
	return codes
}

// understand checks the expression of a rule, which sees more than a condition does.
func (r *reader) understand(whole *Form, at *yaml.Node, c *Condition) {
	conditions, seen := r.language, r.seen
	defer func() { r.language, r.seen = conditions, seen }()
	if r.judging == nil {
		r.judging, r.facts = judging(whole)
	}
	r.language, r.seen = r.judging, r.facts
	checked := r.expression(whole, at, "when", c.Text)
	if checked == nil {
		return
	}
	if most, err := r.language.EstimateCost(checked, sizes{whole}); err == nil && most.Max > maxCost {
		r.sayWithin(at, c.Text, 0, "this takes up to %d steps; a rule may take %d", most.Max, maxCost)
	}
	program, err := r.language.Program(checked, cel.CostLimit(maxCost), cel.InterruptCheckFrequency(100))
	if err != nil {
		r.say(at, "this cannot be run: %s", err)
		return
	}
	c.program, c.Fields, c.beside = program, r.mentions(whole, at, checked, ""), r.looks(checked)
	r.possible(whole, at, checked)
}

// looks lists what a rule looks at beside the fields.
func (r *reader) looks(checked *cel.Ast) (names []string) {
	for _, ref := range checked.NativeRep().ReferenceMap() {
		if slices.Contains(r.facts, ref.Name) {
			names = append(names, ref.Name)
		}
	}
	return names
}

// judging is the language of rules, and what it names beside the fields.
func judging(f *Form) (*cel.Env, []string) {
	var names []string
	var options []cel.EnvOption
	add := func(name string, t *cel.Type) {
		names = append(names, name)
		options = append(options, cel.Variable(name, t))
	}
	for _, status := range []string{"processing", "approved", "rejected", "withdrawn"} {
		add("history."+status, cel.IntType)
	}
	for field := range f.fields() {
		if field.Type == Image {
			add("signals."+field.Name+".width", cel.NullableType(cel.IntType))
			add("signals."+field.Name+".height", cel.NullableType(cel.IntType))
			add("signals."+field.Name+".blur", cel.NullableType(cel.DoubleType))
			add("signals."+field.Name+".brightness", cel.NullableType(cel.DoubleType))
			add("signals."+field.Name+".glare", cel.NullableType(cel.DoubleType))
			add("signals."+field.Name+".grey", cel.NullableType(cel.BoolType))
		}
	}
	language, _ := environment(f, options...)
	return language, names
}

// sizes says how long an answer can be, so that the cost of a rule can be told before it runs.
type sizes struct{ form *Form }

// EstimateSize implements cost.Estimator.
func (s sizes) EstimateSize(node cost.AstNode) *cost.SizeEstimate {
	path := node.Path()
	if len(path) != 1 {
		return nil
	}
	field, ok := s.form.Field(path[0])
	if !ok {
		return nil
	}
	return &cost.SizeEstimate{Min: 0, Max: uint64(max(field.MaxLength, 200))}
}

// EstimateCallCost implements cost.Estimator.
func (s sizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}
