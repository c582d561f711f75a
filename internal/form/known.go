package form

import (
	"regexp"
	"sync"
	"time"

	"docket/internal/form/day"
)

// Known is what is known of who fills in a form, by names such as AccountEmail.
type Known map[string]string

// What is known of everybody who has signed in.
const (
	AccountEmail  = "account.email"
	AccountUserID = "account.user_id"
)

// AccountAttributes is before the name of an attribute of the account.
const AccountAttributes = "account."

var knownName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^account\.[a-z][a-z0-9_]{0,62}$`) })

// IsKnown reports whether "default" and "from" of a form may name this: AccountEmail, AccountUserID, or an attribute of the account.
func IsKnown(name string) bool { return knownName().MatchString(name) }

// TakesKnown reports whether a field of type t may have an answer that is known: it is a text.
func (t Type) TakesKnown() bool { return t.spec().kind == KindText && !t.Upload() && t != MRZ }

// CheckDefault is the problem of what "default" says; one without a code when nothing is wrong.
func (f *Field) CheckDefault(today time.Time) Problem {
	if IsKnown(f.Default) && f.Type.TakesKnown() {
		return Problem{}
	}
	_, problem := f.Check(f.defaultTexts(nil, today), today)
	return problem
}

// defaultTexts is the answer with which a page begins; none when it is not known.
func (f *Field) defaultTexts(known Known, today time.Time) []string {
	text := f.Default
	switch {
	case IsKnown(text) && f.Type.TakesKnown():
		text = known[text]
	case f.Type == Date:
		if bound, ok := day.ParseBound(text); ok {
			text = bound.On(today).Format(time.DateOnly)
		}
	}
	if text == "" {
		return nil
	}
	return []string{text}
}

// Defaults are the answers with which a page begins.
func (f *Form) Defaults(known Known, now time.Time) Input {
	input, today := Input{}, f.today(now)
	for _, field := range f.ordered {
		if texts := field.defaultTexts(known, today); texts != nil {
			input[field.Name] = texts
		}
	}
	return input
}

// Fixed are the answers of the fields whose answers are known and cannot be changed; none where they are not known.
func (f *Form) Fixed(known Known) Input {
	input := Input{}
	for _, field := range f.ordered {
		if field.From == "" {
			continue
		}
		input[field.Name] = nil
		if text := known[field.From]; text != "" {
			input[field.Name] = []string{text}
		}
	}
	return input
}
