package form

import (
	"encoding/json"
	"time"
)

// NewGrant is what every approval of f may be asked: a form of these fields, whose conditions look at the answers to f.
func (f *Form) NewGrant(fields []Field) *Form {
	grant := &Form{Name: f.Name, Title: f.Title, Zone: f.Zone, Version: f.Version, Language: f.Language, Languages: []string{f.Language}}
	grant.Sections = []Section{{Fields: fields}}
	grant.IndexFields()
	return grant
}

// GrantOf is what an approval of a ticket with these answers is asked: those fields whose conditions hold. It asks nothing where f
// asks nothing.
func (f *Form) GrantOf(extra json.RawMessage, submittedAt time.Time) *Form {
	var asked []Field
	if f.Grant != nil {
		v := f.ValuesOf(f.Answers(extra), submittedAt)
		for field := range f.Grant.Fields() {
			if field.When != nil && !field.When.Holds(v) {
				continue
			}
			field.Required = field.Required || field.RequiredWhen != nil && field.RequiredWhen.Holds(v)
			field.When, field.RequiredWhen, field.WhenHelp = nil, nil, ""
			asked = append(asked, field)
		}
	}
	grant := f.NewGrant(asked)
	grant.Order()
	Translate(map[string]*Form{f.Language: grant})
	return grant
}

// Asks reports whether f has any field.
func (f *Form) Asks() bool { return len(f.ordered) > 0 }

// ProposeGrant is what an approval at a time proposes for the fields of a grant: what the customer answered to the fields that they name,
// else their defaults.
func (f *Form) ProposeGrant(grant *Form, extra json.RawMessage, now time.Time) Input {
	proposed, answers := Input{}, f.InputFromAnswers(extra)
	for field := range grant.Fields() {
		if texts := answers[field.Proposes]; len(texts) > 0 {
			proposed[field.Name] = texts
		} else if texts := field.defaultTexts(nil, f.today(now)); texts != nil {
			proposed[field.Name] = texts
		}
	}
	return proposed
}

// GrantSchema is the JSON Schema of what an approval may grant. What is asked only of some tickets is required of none.
func (f *Form) GrantSchema() map[string]any {
	var fields []Field
	for field := range f.Grant.Fields() {
		field.Required = field.Required && field.When == nil
		field.When, field.RequiredWhen = nil, nil
		fields = append(fields, field)
	}
	grant := f.NewGrant(fields)
	grant.Order()
	return grant.Schema()
}
