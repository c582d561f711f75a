package form

import (
	"strings"

	"docket/internal/ticket"
)

// Reason is a cause for which a ticket may be rejected.
type Reason struct {
	Code    string
	Label   string // what the agent reads
	Class   Class
	Fields  []string // the fields that it points at
	Signals []string // it is offered first for pictures of its fields that have one of these, such as "blurry"
	Text    string   // what the user reads: what to do; empty: the agent writes it

	LinkedText string // Text as the form has it: its links are plain in Text
}

// Class says whether the user may correct the matter and submit again.
type Class = ticket.Class

// The classes of reasons: Retry, the user may correct what it points at and submit again; Final, they may not; Choose,
// Retry unless who rejects says Final.
const (
	Retry        = ticket.Retry
	Final        = ticket.Final
	Choose Class = "choose"
)

// Classes lists the class of every reason.
func Classes() []Class { return []Class{Retry, Final, Choose} }

// RejectionText is what the user reads for these reasons unless something else is written; empty when one has no text.
func (f *Form) RejectionText(codes []string) string {
	return f.joinReasons(codes, func(r Reason) string { return r.Text })
}

// LinkedRejectionText is RejectionText with its links.
func (f *Form) LinkedRejectionText(codes []string) string {
	return f.joinReasons(codes, func(r Reason) string { return r.LinkedText })
}

func (f *Form) joinReasons(codes []string, textOf func(Reason) string) string {
	texts := make([]string, len(codes))
	for i, code := range codes {
		reason, _ := f.Reason(code)
		if texts[i] = textOf(reason); texts[i] == "" {
			return ""
		}
	}
	return strings.Join(texts, "\n\n")
}

// ClassOf is whether a user may submit again after a rejection: as was decided, or what the reasons say of one from
// before that was kept.
func (f *Form) ClassOf(d ticket.Decision) Class {
	if d.Class != "" {
		return d.Class
	}
	for _, code := range d.Reasons {
		if reason, _ := f.Reason(code); reason.Class == Final {
			return Final
		}
	}
	return Retry
}
