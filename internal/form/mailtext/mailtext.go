// Package mailtext is what a form says in e-mails instead of docket's own words: of which events, and what is filled in.
package mailtext

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// The events of which a form may have an e-mail of its own words, as the outbox calls them.
const (
	Received     = "received"
	Approved     = "approved"
	Rejected     = "rejected"
	Revoked      = "revoked"
	ApprovalEnds = "approval_ends"
	Step         = "step"
)

// Events lists the events, in the order in which a ticket meets them.
func Events() []string { return []string{Received, Step, Approved, Rejected, Revoked, ApprovalEnds} }

// Text is the e-mail of one event in one language. What is empty is said in docket's own words.
type Text struct {
	Subject string
	Body    string
}

// Texts are e-mails by their event.
type Texts map[string]Text

// The names that stand in braces in a text, for what is filled in.
const (
	Name   = "name"   // who asks: that of the theme, or the title of the form
	Ticket = "ticket" // the number of the ticket
	Link   = "link"   // the address of the ticket
	Time   = "time"   // when it happened
	Reason = "reason" // why: of a rejection, and of an approval that was taken back
)

// Names lists what the text of an event may have filled in.
func Names(event string) []string {
	names := []string{Name, Ticket, Link, Time}
	if event == Rejected || event == Revoked {
		names = append(names, Reason)
	}
	return names
}

// Mistake is what cannot be filled in: at which character of the text, counted from 0, and what is wrong.
type Mistake struct {
	Offset  int
	Message string
}

// Error implements error.
func (m Mistake) Error() string { return m.Message }

var placeholder = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{ *([\p{L}_.]+) *\}`) })

// unclosed is a name that begins in braces, and what follows it as far as it may end there.
var unclosed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\{ *([a-z]+) *\}?`) })

// Check checks a text of an event; the error is a Mistake.
func Check(event, text string) error {
	names := Names(event)
	for _, at := range unclosed().FindAllStringSubmatchIndex(text, -1) {
		if name := text[at[2]:at[3]]; slices.Contains(names, name) && !strings.HasSuffix(text[at[0]:at[1]], "}") {
			return Mistake{len([]rune(text[:at[0]])), fmt.Sprintf("{%s does not end; write {%[1]s}", name)}
		}
	}
	for _, at := range placeholder().FindAllStringSubmatchIndex(text, -1) {
		written, name := text[at[0]:at[1]], text[at[2]:at[3]]
		if !slices.Contains(names, name) || written != "{"+name+"}" {
			message := fmt.Sprintf("%s is filled in with nothing; this e-mail can have {%s}", written, strings.Join(names, "}, {"))
			return Mistake{len([]rune(text[:at[0]])), message}
		}
	}
	return nil
}

// Fill fills in the values of names. What is filled in is not looked at again.
func Fill(text string, values map[string]string) string {
	return placeholder().ReplaceAllStringFunc(text, func(written string) string {
		if value, known := values[strings.Trim(written, "{}")]; known {
			return value
		}
		return written
	})
}
