package formfile

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"go.yaml.in/yaml/v4"

	"docket/internal/form"
	"docket/internal/spelling"
)

const maxRules = 100

// readRules reads the list of rules.
func (r *reader) readRules(m mapping) []*form.Rule {
	var list []*form.Rule
	seen := map[string]int{}
	for _, n := range r.readList(m, "rules") {
		if rule, ok := r.readRule(n, seen); ok {
			list = append(list, rule)
		}
		if len(list) == maxRules+1 {
			r.addMistake(n, "this is rule number %d; a form has at most %d", len(list), maxRules)
		}
	}
	return list
}

// readRule reads one rule; seen keeps on which line each name stands.
func (r *reader) readRule(n *yaml.Node, seen map[string]int) (*form.Rule, bool) {
	m, ok := r.readObject(n, "rule")
	if !ok {
		return nil, false
	}
	rule := &form.Rule{
		Name: r.readRequired(m, "name"), Reason: r.readText(m, "reason"), Shadow: r.readBool(m, "shadow"),
		Decide: form.Outcome(r.readWord(m, "decide", string(form.Nothing), string(form.Approve), string(form.Reject))),
		When:   r.readRequired(m, "when"),
	}
	if first, twice := seen[rule.Name]; twice {
		r.addMistake(m.entries["name"].value, "the name %q is taken by the rule on line %d; choose another", rule.Name, first)
	} else if rule.Name != "" && !systemName().MatchString(rule.Name) {
		r.addMistake(m.entries["name"].value, "%q cannot be a name: begin with a lower-case letter, go on with lower-case letters, digits, - and _", rule.Name)
	}
	seen[rule.Name] = n.Line
	r.checkDecision(m, rule)
	rule.Hash = hashRule(rule)
	r.compileRule(m, rule)
	return rule, true
}

// hashRule is the SHA-256 of what a rule says, in hex.
func hashRule(rule *form.Rule) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{rule.When, string(rule.Decide), rule.Reason}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// compileRule compiles the expression of a rule, once for all languages.
func (r *reader) compileRule(m mapping, rule *form.Rule) {
	if rule.When == "" {
		return
	}
	at := m.entries["when"].value
	r.deferCheck(func(*form.Form) {
		if compiled, known := r.rules[at]; known {
			rule.Facts, rule.Evaluate = compiled.Facts, compiled.Evaluate
			return
		}
		r.rules[at] = rule
		r.addExpressionMistakes(at, rule.When, r.compiler.Rule(rule))
	})
}

// checkDecision checks what a rule decides.
func (r *reader) checkDecision(m mapping, rule *form.Rule) {
	reason, given := m.entries["reason"]
	switch _, decides := m.entries["decide"]; {
	case !decides:
		r.addMistake(m.node, `a rule needs "decide": approve or reject`)
	case rule.Decide == form.Reject && !given:
		r.addMistake(m.node, `a rule that rejects needs "reason", the code of one of the reasons`)
	case rule.Decide == form.Approve && given:
		r.addMistake(reason.key, `a rule that approves has no "reason"; delete the line`)
	case rule.Decide == form.Approve && !rule.Shadow:
		r.deferCheck(func(f *form.Form) { r.checkProposals(m, f) })
	case rule.Reason != "":
		r.deferCheck(func(f *form.Form) {
			known, ok := f.Reason(rule.Reason)
			if !ok {
				r.addMistake(reason.value, "no reason has the code %q%s", rule.Reason, spelling.Suggestion(rule.Reason, reasonCodes(f)))
			} else if known.Text == "" {
				r.addMistake(reason.value, "a rule can write nothing, and the reason %q has no text; choose one that has", rule.Reason)
			}
		})
	}
}

func reasonCodes(f *form.Form) []string {
	var codes []string
	for _, reason := range f.Reasons {
		codes = append(codes, reason.Code)
	}
	return codes
}
