package rules

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"docket/internal/form"
)

// Address compiles an expression that gives a text, which stands in the form file under a key.
func (c *Compiler) Address(expression *form.Address, key string) []Mistake {
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
	if !checked.OutputType().IsExactType(cel.StringType) {
		e.addMistake(0, "%q must be a text, such as the answer to a field of type email, but this is %s", key, typeInWords(checked.OutputType().String()))
		return e.mistakes
	}
	program, err := e.env.Program(checked)
	if err != nil {
		return append(e.mistakes, Mistake{Message: "this cannot be run: " + err.Error()})
	}
	e.checked = checked
	expression.Fields = e.fieldsNamed("")
	expression.Of = func(v *form.Values) string {
		value, _, err := program.Eval(&activation{values: v})
		text, ok := value.(types.String)
		if err != nil || !ok {
			return ""
		}
		return string(text)
	}
	return e.mistakes
}
