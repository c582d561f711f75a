package views

import (
	"slices"
	"strconv"
	"strings"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/ticket"
)

// manyReasons is from how many reasons on an agent gets a field to find one by typing.
const manyReasons = 8

func (r Review) title(site Site) string {
	name, _ := gist(site.formOf(r.Ticket), r.Ticket)
	return name
}

func (r Review) version() string { return strconv.FormatInt(r.Ticket.Version, 10) }

// closedBy is who closed the ticket and how; the time follows.
func closedBy(r Review) string {
	if r.Ticket.Status == ticket.Withdrawn {
		return "Its owner withdrew it on"
	}
	return capital(actor(r.Names, r.Ticket.Decision.By)) + " " + verb(r.Ticket.Status) + " it on"
}

func verb(s ticket.Status) string {
	if s == ticket.Approved {
		return "approved"
	}
	return "rejected"
}

// capital begins a sentence, unless it begins with a name.
func capital(s string) string {
	for _, kind := range []string{"agent ", "user ", "rule ", "system "} {
		if len(s) > len(kind) && s[:len(kind)] == kind {
			return string(s[0]-'a'+'A') + s[1:]
		}
	}
	return s
}

func hasClass(f *form.Form, class form.Class) bool {
	return slices.ContainsFunc(f.Reasons, func(r form.Reason) bool { return r.Class == class })
}

func classHeading(class form.Class) string {
	switch class {
	case form.Final:
		return "Final: no further try"
	case form.Choose:
		return "As you decide"
	}
	return "May be put right and sent again"
}

func classWords(class form.Class) string {
	if class == form.Final {
		return "(final)"
	}
	return "(may send again)"
}

// reasonKeys pick a reason, one each, in the order of the form: every key that does nothing else on the page.
const reasonKeys = "1234567890bcdefghilmpqstvwxyz"

// reasonKey is the key of the reason at a place of the form; the last of very many have none.
func reasonKey(place int) string {
	if place >= len(reasonKeys) {
		return ""
	}
	return strings.ToUpper(reasonKeys[place : place+1])
}

// targets names what a reason points at.
func targets(f *form.Form, r form.Reason) string {
	labels := make([]string, len(r.Fields))
	for i, name := range r.Fields {
		field, _ := f.Field(name)
		labels[i] = field.Label
	}
	return strings.Join(labels, ", ")
}

// letter is what the ticket's user reads for a reason.
func (r Review) letter(of form.Reason) string {
	reason, _ := r.Letter.Reason(of.Code)
	return reason.Text
}

// words are docket's own in the language of the ticket's user.
func (r Review) words() *i18n.Words { return i18n.Of(r.Letter.Language) }

// changes are the answers of the attempt before that are other ones now, in the words of its own form. That a question
// is worded in another way changes no answer.
func (r Review) changes(site Site) map[string]form.Row {
	if r.Previous == nil {
		return nil
	}
	f, changed := site.formOf(r.Ticket), map[string]form.Row{}
	before, words := rowsOf(f, *r.Previous), rowsOf(site.formOf(*r.Previous), *r.Previous)
	for name, row := range rowsOf(f, r.Ticket) {
		if old := before[name]; old.Text != row.Text || old.File != row.File {
			changed[name] = words[name]
		}
	}
	return changed
}

// rowsOf are a ticket's answers by field, as a form shows them.
func rowsOf(f *form.Form, t ticket.Ticket) map[string]form.Row {
	rows := map[string]form.Row{}
	for _, section := range f.Show(t.Extra) {
		for _, row := range section.Rows {
			rows[row.Field.Name] = row
		}
	}
	return rows
}

// changedWords says how much has changed since the attempt before.
func (r Review) changedWords(site Site) string {
	switch n := len(r.changes(site)); n {
	case 0:
		return "Nothing has changed since."
	default:
		return count(int64(n), "answer has changed since.", "answers have changed since.")
	}
}
