package views

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"docket/internal/form"
	"docket/internal/form/linktext"
	"docket/internal/ticket"
)

// summaryOf is a ticket in a line: its name first, then what tells it from others.
func (s Site) summaryOf(t ticket.Ticket) (name, rest string) {
	name, rest, _ = strings.Cut(s.formOf(t).Summary(t.Extra), " · ")
	if name == "" {
		return s.T("queue.unnamed", "Number", ticketNumber(t.ID)), ""
	}
	return name, rest
}

// sectionTitle is the heading of a section of answers; "" when it has none.
func sectionTitle(site Site, section form.ShownSection) string {
	if section.Other {
		return site.T("ticket.other_answers")
	}
	return section.Title
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

// reasonLabels is what agents call the reasons of a decision on a ticket, made by the ticket's form or by a later one.
func (s Site) reasonLabels(t ticket.Ticket, codes []string) string {
	return reasonLabels(codes, s.formOf(t), s.Form)
}

// rejectionText is what the owner of a rejected ticket reads.
func rejectionText(site Site, t ticket.Ticket) []linktext.Part {
	return textForOwner(site, t, t.Decision.Comment)
}

// revocationText is what the owner of a ticket reads whose approval was taken back; it may be empty.
func revocationText(site Site, t ticket.Ticket) []linktext.Part {
	return textForOwner(site, t, t.Revocation.Comment)
}

// textForOwner is a comment as the owner of a ticket reads it. What an agent sent unchanged is in the owner's language,
// and has the links of the form; what an agent wrote has none.
func textForOwner(site Site, t ticket.Ticket, comment string) []linktext.Part {
	for _, f := range []*form.Form{site.formOf(t), site.Form} {
		for _, language := range f.Languages {
			if f.In(language).RejectionText(t.Reasons()) == comment {
				return parseLinks(f.LinkedRejectionText(t.Reasons()))
			}
		}
	}
	if comment == "" {
		return nil
	}
	return []linktext.Part{{Text: comment}}
}

// mayResubmit reports whether the owner of a rejected ticket may send another.
func mayResubmit(f *form.Form, t ticket.Ticket) bool {
	return f.ClassOf(t.Decision) != form.Final && (!f.OneOpen || t.Attempt < f.Attempts)
}

// closedAt is when a ticket was decided or withdrawn, or its approval taken back.
func closedAt(t ticket.Ticket) time.Time {
	if t.Decision.At.IsZero() || t.Status == ticket.Revoked {
		return t.UpdatedAt
	}
	return t.Decision.At
}

// shownAnswers are a ticket's answers as its form shows them. The files of a withdrawn ticket are deleted.
func shownAnswers(site Site, t ticket.Ticket) []form.ShownSection {
	sections := site.formOf(t).Show(t.Extra)
	if t.Status != ticket.Withdrawn {
		return sections
	}
	for _, section := range sections {
		removeFiles(site, section.Rows)
	}
	return sections
}

// dropEmptyAnswers returns answers without those that were left out.
func dropEmptyAnswers(sections []form.ShownSection) (given []form.ShownSection) {
	for _, section := range sections {
		section.Rows = slices.DeleteFunc(section.Rows, func(row form.Row) bool { return row.Text == "" && row.File == "" && len(row.Table) == 0 })
		if len(section.Rows) > 0 {
			given = append(given, section)
		}
	}
	return given
}

// removeFiles says of the files among some answers that they were deleted, also in rows.
func removeFiles(site Site, rows []form.Row) {
	for i, row := range rows {
		if row.File != "" {
			rows[i].Text, rows[i].File = site.T("ticket.file_removed"), ""
		}
		for _, cells := range row.Table {
			removeFiles(site, cells)
		}
	}
}
