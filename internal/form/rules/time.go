package rules

import (
	"strings"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"docket/internal/form"
)

// Time compiles an expression that gives a time, which stands in the form file under a key.
func (c *Compiler) Time(expression *form.Time, key string) []Mistake {
	language, err := c.language(grantVariables(c.form.Grant)...)
	if err != nil {
		return []Mistake{{Message: "the names of the fields leave no room for expressions: " + err.Error()}}
	}
	e := &compilation{form: c.form, env: language, key: key, text: expression.Text}
	checked, issues := e.env.Compile(e.text)
	if issues.Err() != nil {
		e.addErrors(issues.Errors())
		return e.mistakes
	}
	if !checked.OutputType().IsExactType(cel.TimestampType) {
		e.addMistake(0, "%q must be a date or a time, but this is %s", key, typeInWords(checked.OutputType().String()))
		return e.mistakes
	}
	e.checked = checked
	program, err := e.env.Program(checked)
	if err != nil {
		return append(e.mistakes, Mistake{Message: "this cannot be run: " + err.Error()})
	}
	expression.WholeDay = e.namesDates()
	expression.At = func(answers, grant *form.Values) (time.Time, bool) {
		value, _, err := program.Eval(&grantActivation{activation{values: answers}, grant})
		at, ok := value.(types.Timestamp)
		return at.Time, err == nil && ok
	}
	return e.mistakes
}

// conditionLanguage is the language of conditions, made when it is first used.
func (c *Compiler) conditionLanguage() (*cel.Env, error) {
	if c.conditions != nil {
		return c.conditions, nil
	}
	language, err := c.language()
	c.conditions = language
	return language, err
}

// namesDates reports whether every answer that the expression names is a date.
func (e *compilation) namesDates() bool {
	for _, reference := range e.checked.NativeRep().ReferenceMap() {
		field, known := e.form.Field(strings.TrimPrefix(reference.Name, answersPrefix))
		if name, granted := strings.CutPrefix(reference.Name, form.GrantPrefix); granted && e.form.Grant != nil {
			field, known = e.form.Grant.Field(name)
		}
		if known && field.Type != form.Date {
			return false
		}
	}
	return true
}

// grantVariables are the names under which an expression sees the answers of an approval.
func grantVariables(grant *form.Form) (all []variable) {
	if grant == nil {
		return nil
	}
	for field := range grant.Fields() {
		all = append(all, variable{form.GrantPrefix + field.Name, variableType(field)})
	}
	return all
}

// grantActivation is an activation that knows the answers of an approval, too.
type grantActivation struct {
	activation
	grant *form.Values // nil: it has none
}

// ResolveName implements interpreter.Activation.
func (a *grantActivation) ResolveName(name string) (any, bool) {
	name, granted := strings.CutPrefix(name, form.GrantPrefix)
	switch {
	case !granted:
		return a.activation.ResolveName(name)
	case a.grant == nil:
		return types.NullValue, true
	}
	value, known := a.grant.Value(name)
	return celValue(value), known
}
