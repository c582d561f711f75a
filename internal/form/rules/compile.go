package rules

import (
	"fmt"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/cost"
	"cel.dev/cel-go/common/types"

	"docket/internal/form"
	"docket/internal/spelling"
)

// maxCost is the most that a rule may cost, in CEL's units; about a millisecond.
const maxCost = 20_000

// Mistake is what is wrong in an expression: from which character on, counted from 0, and in words that say what to do.
type Mistake struct {
	Offset  int
	Message string
}

// Compiler compiles the expressions of one form.
type Compiler struct {
	form       *form.Form
	conditions *cel.Env // made when it is first used
	rules      *cel.Env // made when it is first used
	facts      []string // what rules may look at beside fields and today
	named      []string // what the languages that were made name beside fields, parts of fields and today
}

// NewCompiler compiles the expressions of a form whose fields are indexed.
func NewCompiler(f *form.Form) *Compiler { return &Compiler{form: f} }

// compilation is one expression on its way.
type compilation struct {
	form     *form.Form
	env      *cel.Env
	key      string   // of the form file
	text     string   // the expression
	visible  []string // what it may name beside fields and today
	windows  []string // the facts that it counts or adds up by itself
	checked  *cel.Ast
	mistakes []Mistake
}

// Condition compiles a condition, which stands in the form file under a key of the field self; "" when it is a section's.
func (c *Compiler) Condition(condition *form.Condition, key, self string) []Mistake {
	language, err := c.conditionLanguage()
	if err != nil {
		return []Mistake{{Message: "the names of the fields leave no room for expressions: " + err.Error()}}
	}
	e := &compilation{form: c.form, env: language, key: key, text: condition.Text}
	if !e.check() {
		return e.mistakes
	}
	program, err := e.env.Program(e.checked)
	if err != nil {
		return append(e.mistakes, Mistake{Message: fmt.Sprintf("%q cannot be run: %s", key, err)})
	}
	condition.Holds = func(v *form.Values) bool {
		value, _, err := program.Eval(&activation{values: v})
		return err == nil && value == types.True
	}
	condition.Fields, condition.Terms = e.fieldsNamed(self), termsOf(c.form, e.checked.NativeRep().Expr())
	e.checkOptions()
	return e.mistakes
}

// Rule compiles the expression of a rule, which sees more than a condition does.
func (c *Compiler) Rule(rule *form.Rule) []Mistake {
	if c.rules == nil {
		facts := factVariables(c.form)
		language, err := c.language(facts...)
		if err != nil {
			return []Mistake{{Message: "the names of the fields leave no room for expressions: " + err.Error()}}
		}
		c.rules = language
		for _, fact := range facts {
			c.facts = append(c.facts, fact.name)
		}
	}
	e := &compilation{form: c.form, env: c.rules, key: "when", text: rule.When, visible: c.facts}
	if err := e.replaceHistory(); err != nil || len(e.mistakes) > 0 {
		return e.mistakes
	}
	if !e.check() {
		return e.mistakes
	}
	if most, err := e.env.EstimateCost(e.checked, answerSizes{c.form}); err == nil && most.Max > maxCost {
		e.addMistake(0, "this takes up to %d steps; a rule may take %d", most.Max, maxCost)
	}
	program, err := e.env.Program(e.checked, cel.CostLimit(maxCost), cel.InterruptCheckFrequency(100))
	if err != nil {
		e.addMistake(0, "this cannot be run: %s", err)
		return e.mistakes
	}
	rule.Facts, rule.Evaluate = e.factsNamed(), evaluator(c.form, rule.Decide, program)
	e.checkOptions()
	return e.mistakes
}

func (e *compilation) addMistake(offset int, words string, args ...any) {
	e.mistakes = append(e.mistakes, Mistake{offset, fmt.Sprintf(words, args...)})
}

// addMistakeAt notes a mistake at one part of the expression.
func (e *compilation) addMistakeAt(id int64, words string, args ...any) {
	start := e.checked.NativeRep().SourceInfo().GetStartLocation(id)
	e.addMistake(offsetOf(e.checked.Source().Content(), start), words, args...)
}

// check parses the expression and checks that it is true or false; false when it has mistakes.
func (e *compilation) check() bool { return e.compile(cel.BoolType) }

// compile parses the expression and checks that it is of one of these types; false when it has mistakes.
func (e *compilation) compile(wanted ...*cel.Type) bool {
	checked, issues := e.env.Compile(e.text)
	if issues.Err() != nil {
		e.addErrors(issues.Errors())
		return false
	}
	if !slices.ContainsFunc(wanted, checked.OutputType().IsExactType) {
		e.addMistake(0, "%q must be %s, but this is %s", e.key, typeInWords(wanted[0].String()), typeInWords(checked.OutputType().String()))
		return false
	}
	e.checked = checked
	return true
}

// fieldsNamed lists the fields that the expression looks at, which may not be the field it belongs to.
func (e *compilation) fieldsNamed(self string) []string {
	var names []string
	ast.PreOrderVisit(e.checked.NativeRep().Expr(), ast.NewExprVisitor(func(part ast.Expr) {
		field, ok := fieldNamed(e.form, part)
		if !ok || slices.Contains(names, field.Name) {
			return
		}
		names = append(names, field.Name)
		if field.Name == self {
			e.addMistakeAt(part.ID(), "a field cannot depend on its own answer; name another field")
		}
	}))
	return names
}

// factsNamed lists what a rule looks at beside the fields.
func (e *compilation) factsNamed() (names []string) {
	for _, reference := range e.checked.NativeRep().ReferenceMap() {
		if slices.Contains(e.visible, reference.Name) || slices.Contains(e.windows, reference.Name) {
			names = append(names, reference.Name)
		}
	}
	return names
}

// checkOptions notes where an answer is compared with what can never be one.
func (e *compilation) checkOptions() {
	ast.PreOrderVisit(e.checked.NativeRep().Expr(), ast.NewExprVisitor(func(part ast.Expr) {
		c, ok := comparisonIn(e.form, part)
		if !ok {
			return
		}
		known := optionValues(c.field)
		for i, value := range c.values {
			if value != "" && !slices.Contains(known, value) {
				e.addMistakeAt(c.literals[i].ID(), "%q is no option of %q%s", value, c.field.Name, spelling.Suggestion(value, known))
			}
		}
	}))
}

// offsetOf is where a location of CEL's is in a text, in characters.
func offsetOf(text string, at common.Location) int {
	line, offset := 1, 0
	for _, c := range text {
		if line >= at.Line() {
			break
		}
		offset++
		if c == '\n' {
			line++
		}
	}
	return offset + max(at.Column(), 0)
}

// answerSizes says how long an answer can be, so that the cost of a rule is known before it runs.
type answerSizes struct{ form *form.Form }

// EstimateSize implements cost.Estimator.
func (s answerSizes) EstimateSize(node cost.AstNode) *cost.SizeEstimate {
	if path := node.Path(); len(path) > 0 {
		return s.sizeOf(path)
	}
	return nil
}

// sizeOf is how long an answer can be, or a part of it.
func (s answerSizes) sizeOf(path []string) *cost.SizeEstimate {
	field, ok := s.form.SeenField(path[0])
	switch rows, isFact := s.rowsOfFact(path[0]); {
	case isFact && len(path) == 1:
		return &cost.SizeEstimate{Min: 0, Max: uint64(rows)}
	case isFact:
		return &cost.SizeEstimate{Min: 0, Max: maxFact}
	case !ok:
		return nil
	case field.Rows != nil && len(path) == 1:
		return &cost.SizeEstimate{Min: 0, Max: uint64(field.Many)}
	case field.Rows != nil && len(path) > 2:
		return answerSizes{field.Rows.Form}.sizeOf(path[2:]) // path[1] is any of the rows
	case field.Rows != nil:
		return nil
	case field.Type.Several() && len(path) == 1:
		return &cost.SizeEstimate{Min: 0, Max: uint64(max(len(field.Options), field.Many))}
	case len(path) == 1 || field.Type.Several():
		return &cost.SizeEstimate{Min: 0, Max: uint64(max(field.MaxLength, 200))}
	}
	return nil
}

// maxFact is how long a text is at most that was read.
const maxFact = 500

// rowsOfFact is how many rows a group has of which a fact is, such as "match.owners.number"; false when it is of none.
func (s answerSizes) rowsOfFact(name string) (rows int, ok bool) {
	for _, prefix := range []string{form.ReadFacts, form.FaceFacts, form.MatchFacts} {
		rest, isFact := strings.CutPrefix(name, prefix)
		group, _, _ := strings.Cut(rest, ".")
		if field, known := s.form.SeenField(group); isFact && known && field.Rows != nil {
			return field.Many, true
		}
	}
	return 0, false
}

// EstimateCallCost implements cost.Estimator.
func (s answerSizes) EstimateCallCost(string, string, *cost.AstNode, []cost.AstNode) *cost.CallEstimate {
	return nil
}
