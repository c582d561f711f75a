// Package rules compiles and evaluates the expressions of forms: conditions of fields and rules that decide. They are written
// in CEL, the Common Expression Language.
package rules

import (
	"errors"
	"math"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/env"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/parser"

	"docket/internal/form"
)

const (
	maxExpression = 5_000 // in characters
	maxDepth      = 50
	maxNesting    = 2 // of all() and exists() inside each other
	maxDays       = 200_000

	answersPrefix = "answers." // may stand before the name of a field
)

// newEnvironment is the language of conditions: a small part of CEL, in which nothing grows and nothing runs for long,
// with the fields of the form, today, age() and days().
func newEnvironment(f *form.Form, more ...variable) (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(&env.LibrarySubset{IncludeMacros: macroNames(), IncludeFunctions: allowedFunctions()})),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(maxExpression),
		cel.ParserRecursionLimit(maxDepth),
		cel.ASTValidators(cel.ValidateComprehensionNestingLimit(maxNesting), cel.ValidateRegexLiterals()),
		cel.Macros(cel.GlobalMacro("age", 1, expandAge), cel.GlobalMacro("sum", 1, expandSum)),
		cel.Function("age", cel.Overload("age_on", []*cel.Type{cel.TimestampType, cel.TimestampType}, cel.IntType, cel.BinaryBinding(celAge))),
		cel.Function("days", cel.Overload("days_int", []*cel.Type{cel.IntType}, cel.DurationType, cel.UnaryBinding(celDays))),
	}
	options = append(options, numberChecks()...)
	named := append(more, variable{"today", cel.TimestampType})
	for field := range f.Seen() {
		named = append(named, fieldVariables(field)...)
	}
	rows, err := newRowTypes(f)
	if err != nil {
		return nil, err
	}
	options = append(options, cel.CustomTypeProvider(rows))
	return cel.NewCustomEnv(append(options, declare(named)...)...)
}

// fieldVariables are the names under which an expression sees an answer and its parts.
func fieldVariables(field form.Field) (all []variable) {
	add := func(name string, kind *cel.Type) {
		all = append(all, variable{name, kind}, variable{answersPrefix + name, kind})
	}
	if field.HasOwnValue() {
		add(field.Name, variableType(field))
	}
	for _, part := range field.Parts() {
		add(part.Name, kindType(part.Kind))
	}
	return all
}

// variableType is CEL's type of the answer to a field.
func variableType(field form.Field) *cel.Type {
	if field.Rows != nil {
		return cel.ListType(cel.ObjectType(rowType(field.Name)))
	}
	return kindType(field.Type.Kind())
}

// kindType is CEL's type of a kind of value.
func kindType(kind form.Kind) *cel.Type {
	switch kind {
	case form.KindBool, form.KindPresence:
		return cel.BoolType
	case form.KindNumber:
		return cel.NullableType(cel.DoubleType)
	case form.KindDate:
		return cel.TimestampType
	case form.KindTime:
		return cel.NullableType(cel.StringType)
	case form.KindTexts:
		return cel.ListType(cel.StringType)
	}
	return cel.StringType
}

// celValue is an answer as CEL has it. A number or a date that is not there is null.
func celValue(value any) ref.Val {
	if value == nil {
		return types.NullValue
	}
	return types.DefaultTypeAdapter.NativeToValue(value)
}

func macroNames() []string { return []string{"all", "exists", "has"} }

// functionNames lists the functions that a message suggests.
func functionNames() []string {
	return []string{"age", "days", "size", "contains", "startsWith", "endsWith", "matches", "all", "exists", "has", "iban", "luhn", "mod97", "mod11", "sum"}
}

// allowedFunctions are the operators and functions of CEL that can neither grow a value nor look at the world.
func allowedFunctions() []*env.Function {
	var all []*env.Function
	for _, name := range []string{
		"!_", "_&&_", "_||_", "_?_:_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "@not_strictly_false",
		"-_", "_-_", "_*_", "_/_", "_%_", "size", "contains", "startsWith", "endsWith", "matches",
	} {
		all = append(all, env.NewFunction(name))
	}
	plus := env.NewFunction("_+_")
	for _, id := range []string{"add_int64", "add_double", "add_timestamp_duration", "add_duration_timestamp", "add_duration_duration"} {
		plus.Overloads = append(plus.Overloads, &env.Overload{ID: id})
	}
	return append(all, plus)
}

// expandAge makes age(x) mean age(x, today).
func expandAge(factory parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	return factory.NewCall("age", args[0], factory.NewIdent("today")), nil
}

func celAge(born, day ref.Val) ref.Val {
	from, ok := born.(types.Timestamp)
	on, also := day.(types.Timestamp)
	if !ok || !also {
		return types.NoSuchOverloadErr()
	}
	return types.Int(ageOn(from.Time, on.Time))
}

// ageOn is how many years have passed on a day since another. A person born on 29 February has a birthday on
// 1 March in other years.
func ageOn(born, on time.Time) int {
	years := on.Year() - born.Year()
	if on.Month() < born.Month() || on.Month() == born.Month() && on.Day() < born.Day() {
		years--
	}
	return years
}

var errTooManyDays = errors.New("too many days")

func celDays(count ref.Val) ref.Val {
	n, ok := count.(types.Int)
	switch {
	case !ok:
		return types.NoSuchOverloadErr()
	case math.Abs(float64(n)) > maxDays:
		return types.WrapErr(errTooManyDays)
	}
	return types.Duration{Duration: time.Duration(n) * 24 * time.Hour}
}
