package views

import (
	"cmp"
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
	case r.UndoLate && !r.Ticket.Status.Open():
		return "undo.late"
	case r.Pending != nil && r.Pending.Mine:
		return "review.decided_before"
	case r.Pending != nil:
		return "review.decided_first"
	case r.Ticket.Status.Open() && r.HeldBy != "":
		return "review.held_title"
	case r.Ticket.Status.Open() && r.HandedAway && !site.Me.Admin():
		return "work.handed_title"
	case r.Ticket.Status.Open():
		return "review.changed_title"
	case r.Ticket.ClosedBy() == ticket.Agent(site.Me.ID):
		return "review.decided_before"
	}
	return "review.decided_first"
}

// losesTyped reports whether the agent typed something that no form of the page shows again.
func (r Review) losesTyped() bool {
	return !r.Typed.empty() && (!r.Ticket.Status.Open() || r.HeldBy != "" || r.HandedAway || r.Pending != nil)
}

func hasClass(f *form.Form, class form.Class) bool {
	return slices.ContainsFunc(f.Reasons, func(r form.Reason) bool { return r.Class == class })
}

// classText says whether the user may send a refused ticket again.
func (r Review) classText(site Site, class form.Class) string {
	switch {
	case class == form.Final:
		return site.T("review.class_final")
	case r.Replaced:
		return site.T("review.class_replaced")
	case r.ClosesResubmission:
		return site.T("review.class_no_tries")
	}
	return site.T("review.class_retry")
}

// reasonKeys pick a reason while the focus is on the reasons, one each. A and R are left out: what approves elsewhere does
// nothing there, and R leads to the first reason.
const reasonKeys = "1234567890BCDEFGHIJKLMNOPQSTUVWXYZ"

// shiftMark stands before the key of a reason that is pressed with Shift.
const shiftMark = "⇧"

// reasonKey is what to press for the reason at a place of the form: a key, from the 35th reason on a letter with Shift; empty
// when there is none left.
func reasonKey(place int) string {
	if place < len(reasonKeys) {
		return reasonKeys[place : place+1]
	}
	letters := strings.TrimLeft(reasonKeys, "0123456789")
	if place -= len(reasonKeys); place < len(letters) {
		return shiftMark + letters[place:place+1]
	}
	return ""
}

// reasonGroup is reasons under one heading.
type reasonGroup struct {
	Title   string
	Reasons []reasonChoice
}

// reasonChoice is a reason as an agent can choose it.
type reasonChoice struct {
	form.Reason
	Key    string // what to press for it; empty: it has no key
	Text   string // what the ticket's user reads
	Picked bool
}

// reasonGroups are first the reasons that fit what was measured, then the others by what they point at, each in the order of
// the form. A reason has the same key on every ticket.
func (r Review) reasonGroups(site Site) []reasonGroup {
	groups := []reasonGroup{{Title: site.T("review.fitting_reasons")}}
	places := map[string]int{}
	for i, reason := range site.Form.Reasons {
		choice := reasonChoice{reason, reasonKey(i), r.reasonText(reason), slices.Contains(r.Typed.Reasons, reason.Code)}
		place := 0
		if !r.fits(site, reason) {
			title := cmp.Or(fieldLabels(site.Form, reason), site.T("review.general_reasons"))
			if _, known := places[title]; !known {
				places[title] = len(groups)
				groups = append(groups, reasonGroup{Title: title})
			}
			place = places[title]
		}
		groups[place].Reasons = append(groups[place].Reasons, choice)
	}
	if len(groups[0].Reasons) == 0 {
		return groups[1:]
	}
	return groups
}

// fits reports whether a reason names something that is off in a picture that it points at.
func (r Review) fits(site Site, reason form.Reason) bool {
	names := func(signal string) bool { return slices.Contains(reason.Signals, signal) }
	if names("duplicate") && len(r.LookAlikes)+len(r.SamePerson) > 0 {
		return true
	}
	return slices.ContainsFunc(photosOf(site, r), func(p galleryPhoto) bool {
		pointedAt := len(reason.Fields) == 0 || pointsAt(reason, p.Field)
		return pointedAt && slices.ContainsFunc(p.Warnings, names)
	})
}

// pointsAt reports whether a reason points at a field, also in all rows of its group or at its group.
func pointsAt(reason form.Reason, field form.Field) bool {
	return slices.ContainsFunc(reason.Fields, func(name string) bool {
		return name == field.Name || name == form.InAnyRow(field.Name) || field.Cell.Group != "" && name == field.Cell.Group
	})
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
		if old := previous[name]; !r.SameFiles[name] && (old.Text != row.Text || old.File != row.File || row.File != "" && row.Field.Type.Several()) {
			changed[name] = worded[name]
		}
	}
	return changed
}

// rowsOf are a ticket's answers by field, as a form shows them; of several files the first.
func rowsOf(f *form.Form, t ticket.Ticket) map[string]form.Row {
	rows := map[string]form.Row{}
	for _, section := range f.Show(t.Extra) {
		for _, row := range section.Rows {
			if _, more := rows[row.Field.Name]; !more {
				rows[row.Field.Name] = row
			}
			for _, cell := range slices.Concat(row.Table...) {
				rows[cell.Field.Name] = cell
			}
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

// refusedFields are the fields that the reasons of a rejection point at, in the first of the forms that knows each: of a field in rows its
// group.
func refusedFields(t ticket.Ticket, forms ...*form.Form) map[string]bool {
	refused := map[string]bool{}
	for _, code := range t.Decision.Reasons {
		for _, f := range forms {
			reason, known := f.Reason(code)
			for _, name := range reason.Fields {
				group, _, _ := strings.Cut(name, ".")
				refused[group] = true
			}
			if known {
				break
			}
		}
	}
	return refused
}
