package views

import (
	"cmp"
	"strings"
	"time"

	"docket/internal/form"
	"docket/internal/ticket"
)

// gist is a ticket in a line: its name first, what tells it apart after that.
func gist(f *form.Form, t ticket.Ticket) (name, rest string) {
	name, rest, _ = strings.Cut(f.Summary(t.Extra), " · ")
	if name == "" {
		return "Ticket " + reference(t.ID), ""
	}
	return name, rest
}

// caption is what the section of answers is called; the form gives none to what it does not ask any more.
func caption(site Site, s form.ShownSection) string {
	return cmp.Or(s.Title, site.T("ticket.other_answers"))
}

// reasonOf is the reason for which a ticket was rejected; one that the form does not know any more has only its code.
func reasonOf(f *form.Form, t ticket.Ticket) form.Reason {
	if r, known := f.Reason(t.Decision.Reason); known {
		return r
	}
	return form.Reason{Code: t.Decision.Reason, Label: t.Decision.Reason, Class: form.Retry}
}

// answered is what the owner of a rejected ticket reads. What an agent sent unchanged is said in the owner's language.
func answered(f *form.Form, t ticket.Ticket) string {
	text := reasonOf(f, t).Text
	for _, language := range f.Languages {
		if reason, _ := f.In(language).Reason(t.Decision.Reason); reason.Text == t.Decision.Comment {
			return text
		}
	}
	return cmp.Or(t.Decision.Comment, text)
}

// mayRetry reports whether the owner of a rejected ticket may send another.
func mayRetry(f *form.Form, t ticket.Ticket) bool { return reasonOf(f, t).Class != form.Final }

// closedAt is when a ticket was decided or withdrawn.
func closedAt(t ticket.Ticket) time.Time {
	if t.Decision.At.IsZero() {
		return t.UpdatedAt
	}
	return t.Decision.At
}

func orElse(text, otherwise string) string { return cmp.Or(text, otherwise) }
