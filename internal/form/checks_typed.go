package form

import (
	"slices"
	"time"

	"docket/internal/i18n"
)

// HasChecks reports whether the problem of some check is shown at this field of a page.
func (f *Form) HasChecks(name string) bool {
	if inside, ok := f.inRows[name]; ok {
		name = inside.Cell.Group + "." + inside.Cell.Name
	}
	return slices.ContainsFunc(f.Checks, func(c Check) bool { return slices.Contains(c.Fields, name) })
}

// TypedProblems is what is wrong with what was typed so far, "" where nothing is, of each field that is answered and has checks. A check is
// told only when all that it looks at is answered: people may not have come to the rest yet.
func (f *Form) TypedProblems(given Input, now time.Time) map[string]string {
	v, problems, words := f.ValuesOf(nil, now), map[string]string{}, i18n.Of(f.Language)
	wrong := v.read(given, Invalid{})
	v.removeInapplicable(wrong.remove)
	v.compute(wrong)
	unanswered := func(name string) bool {
		i := f.positions[name]
		return len(v.rows[i]) == 0 && !f.ordered[i].Type.spec().answered(v.answers[i])
	}
	broken := slices.DeleteFunc(v.brokenChecks(wrong), func(c Check) bool { return slices.ContainsFunc(c.When.Fields, unanswered) })
	for _, field := range f.inputs {
		if !f.HasChecks(field.Name) || given.Text(field.Name) == "" {
			continue
		}
		problems[field.Name] = wrong[field.Name].In(words).Message
		for _, check := range broken {
			if problems[field.Name] == "" && slices.Contains(check.Fields, field.Name) {
				problems[field.Name] = check.Text
			}
		}
	}
	return problems
}
