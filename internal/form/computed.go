package form

import (
	"slices"
	"strconv"
	"time"

	"docket/internal/form/money"
	"docket/internal/i18n"
)

// Computation is an expression whose number is the answer to a field that nobody answers. Package rules compiles it.
type Computation struct {
	Text     string   // as it stands in the form file
	Fields   []string // that it looks at
	Evaluate func(*Values) (number float64, ok bool)
}

// compute answers the fields that are computed, from what is answered of the others. One that cannot be computed yet has no answer.
func (v *Values) compute(wrong Invalid) {
	for i, field := range v.form.ordered {
		if field.Computed == nil || v.inapplicable[i] {
			continue
		}
		v.answers[i] = nil
		number, ok := field.Computed.Evaluate(v)
		if !ok {
			continue
		}
		texts, problem := field.Check([]string{field.numberText(number)}, v.today)
		if problem.Code != "" {
			wrong[field.Name] = problem
		}
		v.answers[i] = texts
	}
}

// WithComputed are answers with those that are computed of them, but for computed fields which they answer themselves.
func (f *Form) WithComputed(answers Answers, now time.Time) Answers {
	v, all := f.ValuesOf(answers, now), slices.Clone(answers)
	v.removeInapplicable(func(string) {})
	v.compute(Invalid{})
	for i, field := range f.ordered {
		given := slices.ContainsFunc(answers, func(a Answer) bool { return a.Name == field.Name })
		if field.Computed != nil && !given && len(v.answers[i]) > 0 {
			all = append(all, Answer{field.Name, v.answers[i], field.Type})
		}
	}
	return all
}

// numberText is a number as the field takes it, with as many decimals as it has.
func (f *Field) numberText(number float64) string {
	if f.Type != Money {
		return strconv.FormatFloat(number, 'f', f.Decimals, 64)
	}
	decimals, _ := money.Decimals(f.Currencies[0])
	return f.Currencies[0] + " " + strconv.FormatFloat(number, 'f', decimals, 64)
}

// ShowComputed is what is computed of what was typed, as a person reads it, by field; "" where it cannot be computed yet.
func (f *Form) ShowComputed(given Input, now time.Time) map[string]string {
	v, shown := f.ValuesOf(nil, now), map[string]string{}
	wrong := v.read(given, Invalid{})
	v.removeInapplicable(wrong.remove)
	v.compute(wrong)
	for i, field := range f.ordered {
		if field.Computed != nil {
			shown[field.Name] = field.Type.spec().words(field, v.answers[i], i18n.Of(f.Language))
		}
	}
	return shown
}
