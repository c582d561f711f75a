package rules

import (
	"slices"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"docket/internal/form"
)

// Time compiles an expression that gives a time, which stands in the form file under a key.
func (c *Compiler) Time(expression *form.Time, key string) []Mistake {
	language, err := c.conditionLanguage()
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
	expression.WholeDay = !slices.ContainsFunc(e.fieldsNamed(""), func(name string) bool {
		field, _ := c.form.Field(name)
		return field.Type.Kind() != form.KindDate
	})
	expression.At = func(v *form.Values) (time.Time, bool) {
		value, _, err := program.Eval(&activation{values: v})
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
	language, err := newEnvironment(c.form)
	c.conditions = language
	return language, err
}
