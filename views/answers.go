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

// reasonLabels is what agents call reasons, in the first of the forms that knows them; what none knows is its code.
func reasonLabels(codes []string, forms ...*form.Form) string {
	labels := make([]string, len(codes))
	for i, code := range codes {
		for _, f := range forms {
			r, _ := f.Reason(code)
			labels[i] = cmp.Or(labels[i], r.Label)
		}
		labels[i] = cmp.Or(labels[i], code)
	}
	return strings.Join(labels, " · ")
}

// why is what agents call the reasons of a decision on a ticket: it was made by the ticket's form or by a later one.
func (s Site) why(t ticket.Ticket, codes []string) string {
	return reasonLabels(codes, s.formOf(t), s.Form)
}

// answered is what the owner of a rejected ticket reads. What an agent sent unchanged is said in the owner's language.
func answered(site Site, t ticket.Ticket) string {
	for _, f := range []*form.Form{site.formOf(t), site.Form} {
		for _, language := range f.Languages {
			if f.In(language).Letter(t.Decision.Reasons) == t.Decision.Comment {
				return f.Letter(t.Decision.Reasons)
			}
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
