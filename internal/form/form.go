// Package form reads a form file: what a ticket system asks, how answers are checked and shown,
// and for which reasons a ticket may be rejected.
package form

import (
	"iter"
	"regexp"
	"time"

	"docket/internal/ticket"
)

// Form is one form file, checked. It is never changed after it was parsed.
type Form struct {
	Name     string // a word for the system, such as "ekyc"
	Title    string // "Identity verification": the product name on every page
	Intro    string // what the customer reads above the form
	Submit   string // the words on the submit button; empty: the usual ones
	Done     string // what the customer reads while a ticket waits: what happens next, and when
	Approved string // what the customer reads once it is approved
	Zone     *time.Location
	OneOpen  bool // open_tickets_per_user: one
	Attempts int  // how often a user may send the same matter, where OneOpen
	Sections []Section
	List     []string // the fields that tell tickets apart in a list
	Reasons  []Reason
	Rules    []Rule     // in the order in which they are asked
	Examples []*Example // of what the rules make of a submission
	Version  string     // the first 12 hex digits of the SHA-256 of Text
	Text     []byte     // of the file, to keep it beside what was submitted under it

	Language  string           // that the texts are in, such as "en"
	Languages []string         // that there are texts in; the first is for whoever reads none of them
	tongues   map[string]*Form // the same form in each of its languages
	flat      []*Field         // every field in order
	place     map[string]int   // where each field is in flat
	whens     [][]*Condition   // all of which must hold for a field to be asked
	order     []int            // the fields in the order in which their conditions are tried
	named     map[string]bool  // the fields that a when looks at
}

// Section is a group of fields under one heading.
type Section struct {
	Title    string
	Help     string
	When     *Condition // its fields are asked only when this holds; nil: always
	WhenHelp string     // tells people when; empty: words made from the condition
	Fields   []Field
}

// Field is one question.
type Field struct {
	Name         string
	Label        string
	Help         string
	Type         Type
	Required     bool
	RequiredWhen *Condition     // required when this holds; nil: never for that reason
	When         *Condition     // asked only when this holds; nil: always
	WhenHelp     string         // tells people when it is asked or required; empty: words made from the condition
	Missing      string         // what to say when a required answer is missing; empty: words made from the label
	MinLength    int            // in characters
	MaxLength    int            // in characters; always set for texts
	Min, Max     string         // bounds of a number ("0.01") or a date ("2020-01-31", "today", "today-120y", "today+30d"); empty: none
	Decimals     int            // for a number: how many digits may follow the point
	Pattern      *regexp.Regexp // matches the whole answer; nil: none
	PatternHint  string         // what to say when the pattern does not match
	Options      []Option       // of a choice
	Autocomplete string         // the HTML autofill token, such as "bday"
	Capture      string         // of an image: the camera that a phone opens, "user" or "environment"; empty: none
	Block        []string       // of an image: the signals that refuse it instead of warning, such as "blurry"
}

// Field is the field with this name; false when the form asks no such thing.
func (f *Form) Field(name string) (Field, bool) {
	i, ok := f.place[name]
	if !ok {
		return Field{}, false
	}
	return *f.flat[i], true
}

// Reason is the reason with this code; false when the form knows none.
func (f *Form) Reason(code string) (Reason, bool) {
	for _, reason := range f.Reasons {
		if reason.Code == code {
			return reason, true
		}
	}
	return Reason{}, false
}

// fields yields every field in the order of the form.
func (f *Form) fields() iter.Seq[Field] {
	return func(yield func(Field) bool) {
		for _, section := range f.Sections {
			for _, field := range section.Fields {
				if !yield(field) {
					return
				}
			}
		}
	}
}

// Option is one answer of a choice.
type Option struct{ Value, Label string }

// Reason is a cause for which a ticket may be rejected.
type Reason struct {
	Code   string
	Label  string // what the agent reads
	Class  Class
	Fields []string // the fields that it points at
	Text   string   // what the user reads: what to do; empty: the agent writes it
}

// Class says whether the user may fix the matter and submit again.
type Class = ticket.Class

// The classes of reason: Retry, the user may mend what it points at and submit again; Final, they may not; Choose, Retry
// unless who rejects says Final.
const (
	Retry        = ticket.Retry
	Final        = ticket.Final
	Choose Class = "choose"
)
