package form

import "strings"

// part is one of the values that an answer has in conditions beside its own, under the name of the field, a point and its own.
type part struct {
	name  string
	kind  Kind
	value func(text string) any
}

// Part is the kind of value that a part of an answer has in conditions.
type Part struct {
	Name string // such as "amount.currency"
	Kind Kind
}

// Parts are the parts of an answer to f that conditions may look at.
func (f *Field) Parts() (parts []Part) {
	if f.Type.spec().parts == nil {
		return nil
	}
	for _, one := range f.Type.spec().parts(f) {
		parts = append(parts, Part{f.Name + "." + one.name, one.kind})
	}
	return parts
}

// HasOwnValue reports whether conditions may look at the answer itself, and not at its parts alone: an amount in one of several
// currencies is no number, and an address no text.
func (f *Field) HasOwnValue() bool {
	return f.Type != PostalAddress && (f.Type != Money || len(f.Currencies) == 1)
}

// Part is the value of a part of an answer, such as "amount.currency". False: there is no such part.
func (v *Values) Part(name string) (any, bool) {
	own, partName, dotted := strings.Cut(name, ".")
	i, known := v.form.positions[own]
	if !known && v.outer != nil {
		return v.outer.Part(name)
	}
	if !dotted || !known || v.form.ordered[i].Type.spec().parts == nil {
		return nil, false
	}
	text := ""
	if texts := v.answers[i]; len(texts) > 0 {
		text = texts[0]
	}
	for _, one := range v.form.ordered[i].Type.spec().parts(v.form.ordered[i]) {
		if one.name == partName {
			return one.value(text), true
		}
	}
	return nil, false
}

// Fold puts what a page sends in parts, such as "amount.value" and "amount.currency", together under the name of the field. It takes out
// the parts; empty ones do not replace what was sent under the name itself.
func (f *Form) Fold(given Input) {
	for _, field := range f.inputs {
		fold := field.Type.spec().fold
		if fold == nil {
			continue
		}
		parts := map[string]string{}
		for name := range given {
			if partName, ok := strings.CutPrefix(name, field.Name+"."); ok {
				parts[partName] = given.Text(name)
				delete(given, name)
			}
		}
		if text := fold(parts); len(parts) > 0 && (text != "" || !given.Has(field.Name)) {
			given.Set(field.Name, text)
		}
	}
}
