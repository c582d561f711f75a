package views

import (
	"slices"
	"strings"

	"docket/internal/form"
	"docket/internal/form/retake"
	"docket/internal/ticket"
)

// wanted is what the owner of a rejected ticket is asked to send again: photos, or another answer.
type wanted struct {
	Again  bool
	Photos []form.Field // none: not only photos
}

// wantedAgain is what a ticket asks its owner for; open says that a rejected one may be sent again.
func (s Site) wantedAgain(t ticket.Ticket, open bool) wanted {
	if t.Status != ticket.Rejected || !open {
		return wanted{}
	}
	return wanted{Again: true, Photos: retake.Photos(s.formOf(t), t.Decision.Reasons)}
}

// asksFor is the heading of a ticket for its owner: what to do, or how it stands.
func (s Site) asksFor(t ticket.Ticket, w wanted) string {
	labels := make([]string, len(w.Photos))
	for i, photo := range w.Photos {
		labels[i] = photo.Label
	}
	switch {
	case len(labels) > 0:
		return s.T("ticket.retake", "Count", len(labels), "Labels", strings.Join(labels, ", "))
	case w.Again:
		return s.T("ticket.mend")
	}
	return s.statusName(t.Status)
}

// shortOutcome is the same in a list. A later ticket stands in for one that was to be sent again.
func (s Site) shortOutcome(t ticket.Ticket, w wanted, replaced bool) string {
	switch {
	case len(w.Photos) > 0:
		return s.T("tickets.retake")
	case w.Again:
		return s.T("tickets.mend")
	case replaced:
		return s.T("tickets.replaced")
	}
	return s.statusName(t.Status)
}

// icon is the name of the shape before the outcome.
func (w wanted) icon() string {
	switch {
	case len(w.Photos) > 0:
		return "photo"
	case w.Again:
		return "answer"
	}
	return ""
}

// resendText is the name of what leads to the form again.
func (s Site) resendText(w wanted) string {
	if len(w.Photos) > 0 {
		return s.T("ticket.retake_button", "Count", len(w.Photos))
	}
	return s.T("ticket.retry")
}

// saysAtFields reports whether what a rejection says stands at the photos that it asks for, so that it need not stand above them, too.
func saysAtFields(site Site, t ticket.Ticket) bool {
	return len(site.wantedAgain(t, true).Photos) > 0 && isFormText(site, t)
}

// isFormText reports whether the owner of a rejected ticket reads the texts of the form, and nothing that an agent wrote.
func isFormText(site Site, t ticket.Ticket) bool {
	f := site.formOf(t)
	for _, language := range f.Languages {
		if f.In(language).RejectionText(t.Decision.Reasons) == t.Decision.Comment {
			return true
		}
	}
	return false
}

// refusalOf is what the reasons of a rejection say of one photo.
func refusalOf(site Site, t ticket.Ticket, name string) string {
	f, texts := site.formOf(t), []string{}
	for _, code := range t.Decision.Reasons {
		if reason, _ := f.Reason(code); len(reason.Fields) > 0 && slices.Contains([]string{name, form.InAnyRow(name)}, reason.Fields[0]) {
			texts = append(texts, reason.Text)
		}
	}
	return strings.Join(texts, " ")
}
