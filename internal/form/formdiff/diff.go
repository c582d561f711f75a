// Package formdiff compares two forms: what changes for customers, for the tickets at the desk, and for programs that call the JSON
// interface.
package formdiff

import (
	"slices"
	"strings"

	"docket/internal/form"
	"docket/internal/i18n"
)

// Audience says whom a change is about.
type Audience string

// The audiences, in the order in which they are shown.
const (
	Customers Audience = "customers"
	Desk      Audience = "desk" // open tickets, and who decides them
	Programs  Audience = "programs"
)

// Audiences lists all audiences.
func Audiences() []Audience { return []Audience{Customers, Desk, Programs} }

// Change is one difference between two forms, for one audience.
type Change struct {
	For      Audience
	Breaking bool   // a program that works with the old form may be refused by the new one
	Code     string // of the text "formdiff.CODE"
	Name     string // of what changed: a field, a reason, a rule, a key
	Label    string // of the field or the reason, as people read it; empty: it is neither
	Value    string // an option, or what it is now
}

// Words say what changed. The name of a field or a reason is in quotes, as it may be a word such as "what".
func (c Change) Words(words *i18n.Words) string {
	if c.Label != "" {
		c.Name = "“" + c.Name + "”"
	}
	return words.T("formdiff."+c.Code, "Name", c.Name, "Value", c.Value)
}

// PeopleWords say what changed as people who write no programs read it: fields and reasons by their labels.
func (c Change) PeopleWords(words *i18n.Words) string {
	if c.Label != "" && c.For != Programs {
		c.Name = c.Label
	}
	return c.Words(words)
}

// Breaks reports whether some change is breaking.
func Breaks(changes []Change) bool {
	return slices.ContainsFunc(changes, func(c Change) bool { return c.Breaking })
}

// Compare finds what changes when a form takes the place of another: in the order of the form, for each audience. It is empty when
// nobody notices the difference.
func Compare(before, after *form.Form) []Change {
	c := &comparison{before: before, after: after, schemas: schemaChanges(before, after)}
	c.compareTexts()
	c.compareFields()
	c.compareChecks()
	c.compareReasons()
	c.compareRules()
	c.compareQueues()
	c.compareSteps()
	c.compareGrant()
	c.compareSettings()
	return c.changes
}

// comparison collects the changes between two forms.
type comparison struct {
	before, after *form.Form
	schemas       map[string]bool // the fields whose JSON Schema is another
	changes       []Change
}

// add notes a change for one audience.
func (c *comparison) add(to Audience, code, name, value string) {
	c.changes = append(c.changes, Change{For: to, Code: code, Name: name, Label: c.labelOf(code, name), Value: value})
}

// labelOf is what people call the field or the reason that changed; "" when it is neither.
func (c *comparison) labelOf(code, name string) string {
	for _, f := range []*form.Form{c.after, c.before} {
		reason, isReason := f.Reason(name)
		field, isField := f.Field(name)
		switch {
		case strings.HasPrefix(code, "reason_") && isReason:
			return reason.Label
		case !strings.HasPrefix(code, "reason_") && isField:
			return field.Label
		}
	}
	return ""
}

// addBreaking notes a change that programs may be refused for.
func (c *comparison) addBreaking(code, name, value string) {
	c.changes = append(c.changes, Change{For: Programs, Breaking: true, Code: code, Name: name, Label: c.labelOf(code, name), Value: value})
}

// languages are those that both forms are in.
func (c *comparison) languages() []string {
	return slices.DeleteFunc(slices.Clone(c.before.Languages), func(l string) bool { return !slices.Contains(c.after.Languages, l) })
}

// inLanguages reports whether something differs in a language of both forms.
func (c *comparison) inLanguages(differs func(before, after *form.Form) bool) bool {
	return slices.ContainsFunc(c.languages(), func(l string) bool { return differs(c.before.In(l), c.after.In(l)) })
}
