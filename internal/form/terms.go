package form

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"go.yaml.in/yaml/v4"

	"docket/internal/i18n"
)

// terms is an expression as plain terms, all of which must hold; nil when it is more intricate than that.
func terms(f *Form, e ast.Expr) []Term {
	if call(e) == operators.LogicalAnd {
		left, right := terms(f, e.AsCall().Args()[0]), terms(f, e.AsCall().Args()[1])
		if left == nil || right == nil {
			return nil
		}
		return append(left, right...)
	}
	t, ok := term(f, e)
	if !ok {
		return nil
	}
	return []Term{t}
}

// term is a single comparison of a choice, a country or a checkbox; false when e is something else.
func term(f *Form, e ast.Expr) (Term, bool) {
	if field, ok := named(f, e); ok {
		return Term{Field: field.Name, Values: []string{ticked}}, field.Type == Checkbox
	}
	switch call(e) {
	case operators.LogicalNot:
		t, ok := term(f, e.AsCall().Args()[0])
		t.Not = !t.Not
		return t, ok
	case operators.Equals, operators.NotEquals, operators.In:
		field, values, ok := comparison(f, e)
		if !ok || len(values) == 0 || slices.Contains(values, "") {
			return Term{}, false
		}
		return Term{field.Name, call(e) == operators.NotEquals, values}, true
	}
	return Term{}, false
}

// comparison is what a choice or a country is compared with; false when e is something else.
func comparison(f *Form, e ast.Expr) (field Field, values []string, ok bool) {
	switch call(e) {
	case operators.Equals, operators.NotEquals, operators.In:
	default:
		return Field{}, nil, false
	}
	args := e.AsCall().Args()
	field, ok = named(f, args[0])
	if !ok || field.Type != Choice && field.Type != Country {
		return Field{}, nil, false
	}
	for _, literal := range literals(args[1]) {
		text, isText := literal.AsLiteral().Value().(string)
		if !isText {
			return Field{}, nil, false
		}
		values = append(values, text)
	}
	return field, values, true
}

// literals are the values written out in e; none when it holds anything else.
func literals(e ast.Expr) []ast.Expr {
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

// call is the function that e calls; "" when it calls none.
func call(e ast.Expr) string {
	if e.Kind() != ast.CallKind {
		return ""
	}
	return e.AsCall().FunctionName()
}

// named is the field that e names.
func named(f *Form, e ast.Expr) (Field, bool) {
	if e.Kind() != ast.IdentKind {
		return Field{}, false
	}
	return f.Field(e.AsIdent())
}

// possible says so when a choice or a country is compared with what can never be its answer.
func (r *reader) possible(f *Form, at *yaml.Node, checked *cel.Ast) {
	ast.PreOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		field, values, ok := comparison(f, e)
		if !ok {
			return
		}
		for i, literal := range literals(e.AsCall().Args()[1]) {
			_, isCountry := country(values[i], i18n.Source)
			switch known := optionValues(field.Options); {
			case values[i] == "":
			case field.Type == Choice && !slices.Contains(known, values[i]):
				r.sayAt(at, checked, literal.ID(), "%q is no option of %q%s", values[i], field.Name, suggest(values[i], known))
			case field.Type == Country && !isCountry:
				r.sayAt(at, checked, literal.ID(), "%q is no country; use the three capital letters of ISO 3166-1, such as DEU or VNM", values[i])
			}
		}
	}))
}
