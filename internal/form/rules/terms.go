package rules

import (
	"slices"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"docket/internal/form"
	"docket/internal/i18n"
)

// termsOf is an expression as plain terms, all of which must hold; nil when it is more complex than that.
func termsOf(f *form.Form, e ast.Expr) []form.Term {
	if functionOf(e) == operators.LogicalAnd {
		left, right := termsOf(f, e.AsCall().Args()[0]), termsOf(f, e.AsCall().Args()[1])
		if left == nil || right == nil {
			return nil
		}
		return append(left, right...)
	}
	term, ok := termOf(f, e)
	if !ok {
		return nil
	}
	return []form.Term{term}
}

// termOf is a single comparison of a choice, a country or a checkbox; false when e is something else.
func termOf(f *form.Form, e ast.Expr) (form.Term, bool) {
	if field, ok := fieldNamed(f, e); ok {
		return form.Term{Field: field.Name, Values: []string{"true"}}, field.Type.Kind() == form.KindBool
	}
	if functionOf(e) == operators.LogicalNot {
		term, ok := termOf(f, e.AsCall().Args()[0])
		term.Not = !term.Not
		return term, ok
	}
	c, ok := comparisonIn(f, e)
	if !ok || len(c.values) == 0 || slices.Contains(c.values, "") {
		return form.Term{}, false
	}
	return form.Term{Field: c.field.Name, Not: functionOf(e) == operators.NotEquals, Values: c.values}, true
}

// comparison is a field that has options, and the texts that it is compared with.
type comparison struct {
	field    form.Field
	values   []string
	literals []ast.Expr
}

// comparisonIn is the comparison that e is: a == 'x', a != 'x', a in ['x', 'y'], and 'x' in a of a field that takes several
// answers; false when e is something else.
func comparisonIn(f *form.Form, e ast.Expr) (comparison, bool) {
	function := functionOf(e)
	if !slices.Contains([]string{operators.Equals, operators.NotEquals, operators.In}, function) {
		return comparison{}, false
	}
	named, compared := e.AsCall().Args()[0], e.AsCall().Args()[1]
	field, ok := fieldNamed(f, named)
	if !ok {
		named, compared = compared, named
		field, ok = fieldNamed(f, named)
		ok = ok && function == operators.In && field.Type.Several() && compared.Kind() == ast.LiteralKind
	} else {
		ok = !field.Type.Several()
	}
	if !ok || field.OptionsIn(i18n.Source) == nil {
		return comparison{}, false
	}
	c := comparison{field: field, literals: literalsIn(compared)}
	for _, literal := range c.literals {
		text, isText := literal.AsLiteral().Value().(string)
		if !isText {
			return comparison{}, false
		}
		c.values = append(c.values, text)
	}
	return c, true
}

// literalsIn are the values written out in e; none when it holds anything else.
func literalsIn(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.LiteralKind:
		return []ast.Expr{e}
	case ast.ListKind:
		elements := e.AsList().Elements()
		if !slices.ContainsFunc(elements, func(e ast.Expr) bool { return e.Kind() != ast.LiteralKind }) {
			return elements
		}
	}
	return nil
}

// functionOf is the function that e calls; "" when it calls none.
func functionOf(e ast.Expr) string {
	if e.Kind() != ast.CallKind {
		return ""
	}
	return e.AsCall().FunctionName()
}

// fieldNamed is the field that e names.
func fieldNamed(f *form.Form, e ast.Expr) (form.Field, bool) {
	if e.Kind() != ast.IdentKind {
		return form.Field{}, false
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(e.AsIdent(), answersPrefix), ".") // of a part its field
	return f.SeenField(name)
}

func optionValues(field form.Field) []string {
	var values []string
	for _, option := range field.OptionsIn(i18n.Source) {
		values = append(values, option.Value)
	}
	return values
}
