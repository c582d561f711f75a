package form

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"go.yaml.in/yaml/v4"
)

// condition reads an expression that is true or false; nil when there is none. It is understood when all fields are known.
func (r *reader) condition(e entries, key string, self string) *Condition {
	text := r.text(e, key)
	if text == "" {
		return nil
	}
	at := e.of[key].value
	if c, ok := r.read[at]; ok {
		return c
	}
	c := &Condition{Text: text}
	r.whens[c], r.read[at] = at, c
	r.later = append(r.later, func(whole *Form) {
		checked := r.expression(whole, at, key, text)
		if checked == nil {
			return
		}
		program, err := r.language.Program(checked)
		if err != nil {
			r.say(at, "%q cannot be run: %s", key, err)
			return
		}
		c.program, c.Fields, c.Terms = program, r.mentions(whole, at, checked, self), terms(whole, checked.NativeRep().Expr())
		r.possible(whole, at, checked)
		if _, told := e.of["when_help"]; c.Terms == nil && !told {
			r.say(at, `this cannot be put in words by itself; add "when_help: …" to tell people when it is needed`)
		}
	})
	return c
}

// whenHelp reads the words that tell people when a condition holds.
func (r *reader) whenHelp(e entries) string {
	at, told := e.of["when_help"]
	_, when := e.of["when"]
	if _, required := e.of["required_when"]; told && !when && !required {
		r.say(at.key, `"when_help" explains a "when" or a "required_when", and there is none; add one or delete the line`)
	}
	return r.text(e, "when_help")
}

// expression checks the text of an expression that is true or false; nil when it has mistakes, which it notes.
func (r *reader) expression(whole *Form, at *yaml.Node, key, text string) *cel.Ast {
	if r.language == nil {
		language, err := environment(whole)
		if err != nil {
			r.say(at, "the names of the fields leave no room for expressions: %s", err)
			return nil
		}
		r.language = language
	}
	checked, issues := r.language.Compile(text)
	if issues.Err() != nil {
		r.misread(at, text, issues.Errors())
		return nil
	}
	if !checked.OutputType().IsExactType(cel.BoolType) {
		r.sayWithin(at, text, 0, "%q must be true or false, but this is %s", key, typeName(checked.OutputType().String()))
		return nil
	}
	return checked
}

// mentions lists the fields that an expression looks at, which may not be the field it belongs to.
func (r *reader) mentions(whole *Form, at *yaml.Node, checked *cel.Ast, self string) []string {
	seen := map[string]bool{}
	var names []string
	ast.PreOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() != ast.IdentKind {
			return
		}
		name := e.AsIdent()
		if _, ok := whole.Field(name); !ok || seen[name] {
			return
		}
		seen[name] = true
		names = append(names, name)
		if name == self {
			r.sayAt(at, checked, e.ID(), "a field cannot depend on its own answer; name another field")
		}
	}))
	return names
}
