// Package form reads a form file: what a ticket system asks, how answers are checked and shown,
// and for which reasons a ticket may be rejected.
package form

import (
	"regexp"
	"time"
)

// Form is one form file, checked. It is never changed after it was parsed.
type Form struct {
	Name     string // a word for the system, such as "ekyc"
	Title    string // "Identity verification": the product name on every page
	Intro    string // what the customer reads above the form
	Submit   string // the words on the submit button
	Done     string // what the customer reads while a ticket waits: what happens next, and when
	Approved string // what the customer reads once it is approved
	Zone     *time.Location
	OneOpen  bool // open_tickets_per_user: one
	Sections []Section
	Reasons  []Reason
	Version  string // the first 12 hex digits of the SHA-256 of the file's text
}

// Section is a group of fields under one heading.
type Section struct {
	Title  string
	Help   string
	Fields []Field
}

// Field is one question.
type Field struct {
	Name         string
	Label        string
	Help         string
	Type         Type
	Required     bool
	RequiredWhen map[string]string // required when every named field has that answer
	MinLength    int               // in characters
	MaxLength    int               // in characters; always set for texts
	Min, Max     string            // bounds of a number ("0.01") or a date ("2020-01-31", "today", "today-120y", "today+10y"); empty: none
	Decimals     int               // for a number: how many digits may follow the point
	Pattern      *regexp.Regexp    // matches the whole answer; nil: none
	PatternHint  string            // what to say when the pattern does not match
	Options      []Option          // of a choice
	Autocomplete string            // the HTML autofill token, such as "bday"
}

// Option is one answer of a choice.
type Option struct{ Value, Label string }

// Type is the kind of answer a field takes.
type Type string

// The types of field.
const (
	Text     Type = "text"
	LongText Type = "long_text"
	Email    Type = "email"
	Tel      Type = "tel"
	Number   Type = "number"
	Date     Type = "date"
	Choice   Type = "choice"
	Country  Type = "country"
	Checkbox Type = "checkbox"
)

// Reason is a cause for which a ticket may be rejected.
type Reason struct {
	Code   string
	Label  string // what the agent reads
	Class  Class
	Fields []string // the fields that it points at
	Text   string   // what the user reads: what to do
}

// Class says whether the user may fix the matter and submit again.
type Class string

// The classes of reason: Retry, the user may mend what it points at and submit again; Final, they may not.
const (
	Retry Class = "retry"
	Final Class = "final"
)
