// Package formstep divides a form into the steps in which a page asks it: its sections one after the other, and last the answers once
// more before they are sent.
package formstep

import (
	"slices"
	"strconv"
	"time"

	"docket/internal/form"
)

// The layouts of a form.
const (
	Steps = "steps" // one section after the other
	Page  = "page"  // all of it on one page
)

// Check is the key of the last step, which shows the answers before they are sent.
const Check = "check"

// Step is one of the pages that a form is divided into.
type Step struct {
	Key    string          // in addresses: the number of its section in the form, or Check
	Title  string          // of the section; empty: it has none
	Inputs map[string]bool // what it asks
	index  int             // of the section; -1: it asks none
}

// Asks reports whether the step asks an input.
func (s Step) Asks(name string) bool { return s.Inputs[name] }

// Section is the section that the step asks; false when it asks none.
func (s Step) Section(f *form.Form) (form.Section, bool) {
	if s.index < 0 {
		return form.Section{}, false
	}
	return f.Sections[s.index], true
}

// List is the steps in which a form is asked that is answered so far with given, asked being the inputs that are asked again; nil: all. It
// is nil when the form is asked on one page: its layout says so, or fewer than two sections have anything to ask.
func List(f *form.Form, given form.Input, asked map[string]bool, now time.Time) []Step {
	if f.Layout != Steps {
		return nil
	}
	applies, last := f.Applies(given, now), declaration(f)
	var steps []Step
	for i := range f.Sections {
		if step := newStep(f, i, asked, applies); i != last && len(step.Inputs) > 0 {
			steps = append(steps, step)
		}
	}
	if len(steps) < 2 {
		return nil
	}
	check := Step{Key: Check, Inputs: map[string]bool{}, index: -1}
	if last >= 0 {
		if check = newStep(f, last, asked, applies); len(check.Inputs) == 0 {
			check.index = -1
		}
		check.Key = Check
	}
	return append(steps, check)
}

// newStep is the step of a section. What it does not ask with the answers of other steps is left out; what depends on its own is not.
func newStep(f *form.Form, index int, asked, applies map[string]bool) Step {
	section := f.Sections[index]
	step := Step{Key: strconv.Itoa(index + 1), Title: section.Title, Inputs: map[string]bool{}, index: index}
	for _, field := range section.Fields {
		now, conditional := applies[field.Name]
		if conditional && !now && !dependsOnOwn(section, field) {
			continue
		}
		for _, name := range inputsOf(f, field) {
			if asked == nil || asked[name] {
				step.Inputs[name] = true
			}
		}
	}
	return step
}

// dependsOnOwn reports whether a field is asked only under a condition that looks at a field of its section.
func dependsOnOwn(section form.Section, field form.Field) bool {
	return slices.ContainsFunc([]*form.Condition{section.When, field.When}, func(when *form.Condition) bool {
		return when != nil && slices.ContainsFunc(section.Fields, func(own form.Field) bool { return slices.Contains(when.Fields, own.Name) })
	})
}

// inputsOf are the inputs of a field: itself and, of a group, those of its rows.
func inputsOf(f *form.Form, field form.Field) []string {
	names := []string{field.Name}
	if field.Rows == nil {
		return names
	}
	for input := range f.Inputs() {
		if input.Cell.Group == field.Name {
			names = append(names, input.Name)
		}
	}
	return names
}

// declaration is the place of the section that the last step asks below the answers: the last one, when it has boxes to tick and nothing
// else. -1: there is none.
func declaration(f *form.Form) int {
	last := len(f.Sections) - 1
	if slices.ContainsFunc(f.Sections[last].Fields, func(field form.Field) bool { return field.Type != form.Checkbox || field.When != nil }) {
		return -1
	}
	return last
}

// Inputs are all inputs of the section that the step with a key asks, whether they apply or not; nil when there is no such step.
func Inputs(f *form.Form, key string) map[string]bool {
	index, err := strconv.Atoi(key)
	if index--; key == Check {
		index, err = declaration(f), nil
	}
	if err != nil || index >= len(f.Sections) || index < 0 && key != Check {
		return nil
	}
	names := map[string]bool{}
	if index >= 0 {
		for _, field := range f.Sections[index].Fields {
			for _, name := range inputsOf(f, field) {
				names[name] = true
			}
		}
	}
	return names
}

// Find is the place of the step with a key; false when there is none.
func Find(steps []Step, key string) (int, bool) {
	i := slices.IndexFunc(steps, func(s Step) bool { return s.Key == key })
	return max(i, 0), i >= 0
}

// FindInput is the place of the step that asks an input; false when none does.
func FindInput(steps []Step, name string) (int, bool) {
	i := slices.IndexFunc(steps, func(s Step) bool { return s.Asks(name) })
	return max(i, 0), i >= 0
}
