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

// reasonLabel is what agents call a reason; one that the form does not know any more is its code.
func reasonLabel(f *form.Form, code string) string {
	r, _ := f.Reason(code)
	return cmp.Or(r.Label, code)
}

// reasonLabels is what agents call the reasons of a rejection.
func reasonLabels(f *form.Form, codes []string) string {
	labels := make([]string, len(codes))
	for i, code := range codes {
		labels[i] = reasonLabel(f, code)
	}
	return strings.Join(labels, " · ")
}

// answered is what the owner of a rejected ticket reads. What an agent sent unchanged is said in the owner's language.
func answered(f *form.Form, t ticket.Ticket) string {
	for _, language := range f.Languages {
		if f.In(language).Letter(t.Decision.Reasons) == t.Decision.Comment {
			return f.Letter(t.Decision.Reasons)
		}
	}
	return t.Decision.Comment
}

// mayRetry reports whether the owner of a rejected ticket may send another.
func mayRetry(f *form.Form, t ticket.Ticket) bool {
	return f.ClassOf(t.Decision) != form.Final && (!f.OneOpen || t.Attempt < f.Attempts)
}

// closedAt is when a ticket was decided or withdrawn.
func closedAt(t ticket.Ticket) time.Time {
	if t.Decision.At.IsZero() {
		return t.UpdatedAt
	}
	return t.Decision.At
}

func orElse(text, otherwise string) string { return cmp.Or(text, otherwise) }
