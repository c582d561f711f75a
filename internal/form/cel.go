package form

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
)

const (
	maxExpression = 5_000 // in characters
	maxDepth      = 50
	maxNesting    = 2 // of all() and exists() inside each other
	maxDays       = 200_000
)

// environment is the language of conditions: a small part of CEL, in which nothing grows and nothing runs for long,
// with the fields of the form, today, age() and days().
func environment(f *Form, more ...cel.EnvOption) (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.StdLib(cel.StdLibSubset(&env.LibrarySubset{IncludeMacros: macros(), IncludeFunctions: functions()})),
		cel.CrossTypeNumericComparisons(true),
		cel.ParserExpressionSizeLimit(maxExpression),
		cel.ParserRecursionLimit(maxDepth),
		cel.ASTValidators(cel.ValidateComprehensionNestingLimit(maxNesting), cel.ValidateRegexLiterals()),
		cel.Variable("today", cel.TimestampType),
		cel.Macros(cel.GlobalMacro("age", 1, untilToday)),
		cel.Function("age", cel.Overload("age_on", []*cel.Type{cel.TimestampType, cel.TimestampType}, cel.IntType, cel.BinaryBinding(ageOf))),
		cel.Function("days", cel.Overload("days_int", []*cel.Type{cel.IntType}, cel.DurationType, cel.UnaryBinding(daysOf))),
	}
	for field := range f.fields() {
		options = append(options, cel.Variable(field.Name, variable(field.Type)))
	}
	return cel.NewCustomEnv(append(options, more...)...)
}

// variable is the type of value that the answer to a field has.
func variable(t Type) *cel.Type {
	switch t {
	case Checkbox, Image, File:
		return cel.BoolType
	case Number:
		return cel.NullableType(cel.DoubleType)
	case Date:
		return cel.TimestampType
	}
	return cel.StringType
}

func macros() []string { return []string{"all", "exists"} }

// callable lists the functions that a mistake suggests.
func callable() []string {
	return []string{"age", "days", "size", "contains", "startsWith", "endsWith", "matches", "all", "exists"}
}

// functions are the operators and functions of CEL that can neither grow a value nor look at the world.
func functions() []*env.Function {
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

// untilToday lets age(x) mean age(x, today).
func untilToday(factory parser.ExprHelper, _ ast.Expr, args []ast.Expr) (ast.Expr, *cel.Error) {
	return factory.NewCall("age", args[0], factory.NewIdent("today")), nil
}

func ageOf(born, day ref.Val) ref.Val {
	from, ok := born.(types.Timestamp)
	on, also := day.(types.Timestamp)
	if !ok || !also {
		return types.NoSuchOverloadErr()
	}
	return types.Int(age(from.Time, on.Time))
}

// age is how many years have passed on a day since another. Whoever was born on 29 February has a birthday on
// 1 March in other years.
func age(born, on time.Time) int {
	years := on.Year() - born.Year()
	if on.Month() < born.Month() || on.Month() == born.Month() && on.Day() < born.Day() {
		years--
	}
	return years
}

var errDays = errors.New("too many days")

func daysOf(count ref.Val) ref.Val {
	n, ok := count.(types.Int)
	switch {
	case !ok:
		return types.NoSuchOverloadErr()
	case math.Abs(float64(n)) > maxDays:
		return types.WrapErr(errDays)
	}
	return types.Duration{Duration: time.Duration(n) * 24 * time.Hour}
}
