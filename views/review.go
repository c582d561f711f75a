package views

import (
	"slices"
	"strings"

	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/ticket"
)

// manyReasons is from how many reasons on an agent gets a field to find one by typing.
const manyReasons = 8

func (r Review) title(site Site) string {
	name, _ := site.summaryOf(r.Ticket)
	return name
}

// conflictTitle is the key of the text that says why a decision was not saved.
func (r Review) conflictTitle(site Site) string {
	switch {
	case r.Ticket.Status.Open() && r.HeldBy != "":
		return "review.held_title"
	case r.Ticket.Status.Open():
		return "review.changed_title"
	case r.Ticket.Decision.By == ticket.Agent(site.Me.ID):
		return "review.decided_before"
	}
	return "review.decided_first"
}

// losesTyped reports whether the agent typed something that no form of the page shows again.
func (r Review) losesTyped() bool {
	return !r.Typed.empty() && (!r.Ticket.Status.Open() || r.HeldBy != "")
}

func hasClass(f *form.Form, class form.Class) bool {
	return slices.ContainsFunc(f.Reasons, func(r form.Reason) bool { return r.Class == class })
}

func classHeading(site Site, class form.Class) string {
	switch class {
	case form.Final:
		return site.T("review.final_reasons")
	case form.Choose:
		return site.T("review.open_reasons")
	}
	return site.T("review.retry_reasons")
}

func classText(site Site, class form.Class) string {
	if class == form.Final {
		return site.T("review.class_final")
	}
	return site.T("review.class_retry")
}

// reasonKeys pick a reason, one each: every key that does nothing else on the page, in the order of the form.
const reasonKeys = "1234567890BCDEFGHILMPQSTVWXYZ"

// morePrefix begins the keys of reasons when a form has more than reasonKeys.
const morePrefix = "0"

// reasonKey is what to press for the reason at a place of the form, one key after the other. A form with more reasons than
// reasonKeys has longer ones from that many on: "0" and a second key.
func reasonKey(place, reasons int) string {
	if reasons <= len(reasonKeys) {
		return reasonKeys[place : place+1]
	}
	single := strings.Replace(reasonKeys, morePrefix, "", 1)
	return strings.Repeat(morePrefix, place/len(single)) + single[place%len(single):place%len(single)+1]
}

// fieldLabels are the fields that a reason points at.
func fieldLabels(f *form.Form, r form.Reason) string {
	labels := make([]string, len(r.Fields))
	for i, name := range r.Fields {
		field, _ := f.Field(name)
		labels[i] = field.Label
	}
	return strings.Join(labels, ", ")
}

// reasonText is what the ticket's user reads for a reason.
func (r Review) reasonText(of form.Reason) string {
	reason, _ := r.UserForm.Reason(of.Code)
	return reason.Text
}

// userWords are docket's own words in the language of the ticket's user.
func (r Review) userWords() *i18n.Words { return i18n.Of(r.UserForm.Language) }

// changedAnswers are the answers of the previous attempt that have changed since, as its own form shows them; none when one of
// the two was erased. Another wording of a question changes no answer.
func (r Review) changedAnswers(site Site) map[string]form.Row {
	if r.Previous == nil || r.Previous.Erased() || r.Ticket.Erased() {
		return nil
	}
	f, changed := site.formOf(r.Ticket), map[string]form.Row{}
	previous, worded := rowsOf(f, *r.Previous), rowsOf(site.formOf(*r.Previous), *r.Previous)
	for name, row := range rowsOf(f, r.Ticket) {
		if old := previous[name]; !r.SameFiles[name] && (old.Text != row.Text || old.File != row.File) {
			changed[name] = worded[name]
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

// answerChange is whether an answer has changed since the previous attempt.
type answerChange struct {
	Label   string
	Changed bool
}

// attemptChanges are first the answers for which the previous attempt was rejected, then the others that have changed.
func (r Review) attemptChanges(site Site) (changes []answerChange) {
	if r.Previous.Erased() || r.Ticket.Erased() {
		return nil
	}
	f, changed := site.formOf(r.Ticket), r.changedAnswers(site)
	rows, refused := rowsOf(f, r.Ticket), refusedFields(*r.Previous, site.formOf(*r.Previous), site.Form)
	var others []answerChange
	for field := range f.Fields() {
		_, differs := changed[field.Name]
		row := rows[field.Name]
		switch change := (answerChange{field.Label, differs}); {
		case refused[field.Name] && (differs || row.Text != ""):
			changes = append(changes, change)
		case differs:
			others = append(others, change)
		}
	}
	return append(changes, others...)
}

// refusedFields are the fields that the reasons of a rejection point at, in the first of the forms that knows each.
func refusedFields(t ticket.Ticket, forms ...*form.Form) map[string]bool {
	refused := map[string]bool{}
	for _, code := range t.Decision.Reasons {
		for _, f := range forms {
			reason, known := f.Reason(code)
			for _, name := range reason.Fields {
				refused[name] = true
			}
			if known {
				break
			}
		}
	}
	return refused
}
