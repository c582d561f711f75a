package views

import (
	"cmp"

	"docket/internal/form"
	"docket/internal/form/linktext"
	"docket/internal/ticket"
)

// parseLinks divides a text of the form at its links; one that has a mistake is plain.
func parseLinks(text string) []linktext.Part {
	parts, _ := linktext.Parse(text)
	return parts
}

// agreementsOf are the texts to which the user of a ticket agreed, in the language in which they read the form; none when that form is
// not known.
func agreementsOf(site Site, t ticket.Ticket) []form.Agreement {
	f := site.EarlierForms[t.FormVersion]
	if f == nil && t.FormVersion != site.Form.Version {
		return nil
	}
	return cmp.Or(f, site.Form).In(t.Language).Agreements(t.Extra)
}
