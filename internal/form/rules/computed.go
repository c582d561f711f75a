package rules

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"

	"docket/internal/form"
)

// Computation compiles the expression of a computed field.
func (c *Compiler) Computation(computed *form.Computation, self string) []Mistake {
	language, err := c.conditionLanguage()
	if err != nil {
		return []Mistake{{Message: "the names of the fields leave no room for expressions: " + err.Error()}}
	}
	e := &compilation{form: c.form, env: language, key: "computed", text: computed.Text}
	if !e.compile(cel.DoubleType, cel.IntType, cel.NullableType(cel.DoubleType)) {
		return e.mistakes
	}
	program, err := e.env.Program(e.checked)
	if err != nil {
		return append(e.mistakes, Mistake{Message: fmt.Sprintf("%q cannot be run: %s", e.key, err)})
	}
	computed.Fields = e.fieldsNamed(self)
	computed.Evaluate = func(v *form.Values) (float64, bool) {
		value, _, err := program.Eval(&activation{values: v})
		if err != nil {
			return 0, false
		}
		switch number := value.(type) {
		case types.Double:
			return float64(number), true
		case types.Int:
			return float64(number), true
		}
		return 0, false
	}
	return e.mistakes
}

// expandSum makes sum(items.amount) add the amounts of all rows that have one.
func expandSum(factory parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	if args[0].Kind() != ast.SelectKind {
		return nil, factory.NewError(args[0].ID(), "sum needs a field of the rows of a group, such as sum(items.amount)")
	}
	selected := args[0].AsSelect()
	amount := func() ast.Expr { return factory.NewSelect(factory.NewIdent("@row"), selected.FieldName()) }
	isNull := factory.NewCall(operators.Equals, amount(), factory.NewLiteral(types.NullValue))
	sum := factory.NewCall(operators.Add, factory.NewAccuIdent(), amount())
	step := factory.NewCall(operators.Conditional, isNull, factory.NewAccuIdent(), sum)
	return factory.NewComprehension(selected.Operand(), "@row", factory.AccuIdentName(), factory.NewLiteral(types.Double(0)),
		factory.NewLiteral(types.True), step, factory.NewAccuIdent()), nil
}
