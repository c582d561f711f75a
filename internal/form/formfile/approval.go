package formfile

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"docket/internal/form"
)

var clockPeriod = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^([1-9][0-9]{0,4})(s|min|h)$`) })

// readApproval reads how long approvals hold.
func (r *reader) readApproval(m mapping) form.Approvals {
	at, given := m.entries["approval"]
	if !given {
		return form.Approvals{}
	}
	approval, ok := r.readObject(at.value, "approval")
	if !ok {
		return form.Approvals{}
	}
	_, hasPeriod := approval.entries["valid_for"]
	if _, hasUntil := approval.entries["until"]; !hasPeriod && !hasUntil {
		r.addMistake(at.value, `"approval" needs "valid_for" or "until"; add a line "valid_for: 2y"`)
	}
	return form.Approvals{ValidFor: r.readValidFor(approval), Until: r.readTime(approval, "until"), AskAgain: r.readPeriod(approval, "ask_again")}
}

// readValidFor reads a period by the clock or by the calendar.
func (r *reader) readValidFor(m mapping) form.Period {
	text := r.readText(m, "valid_for")
	parts := clockPeriod().FindStringSubmatch(text)
	switch {
	case parts == nil && (text == "" || period().MatchString(text)):
		return r.readPeriod(m, "valid_for")
	case parts == nil:
		r.addMistake(m.entries["valid_for"].value, `"valid_for" must be a number of seconds (s), minutes (min), hours (h), days (d), weeks (w), months (m) or years (y), such as 8h or 2y, not %q`, text)
		return form.Period{}
	}
	number, _ := strconv.Atoi(parts[1]) // five digits at most
	unit := map[string]time.Duration{"s": time.Second, "min": time.Minute, "h": time.Hour}[parts[2]]
	return form.Period{Time: time.Duration(number) * unit}
}

// readTime reads an expression that gives a time; nil when there is none. It is compiled when all fields are known, once for all languages.
func (r *reader) readTime(m mapping, key string) *form.Time {
	text := r.readText(m, key)
	if text == "" {
		return nil
	}
	at := m.entries[key].value
	if known, ok := r.times[at]; ok {
		return known
	}
	expression := &form.Time{Text: text}
	r.times[at] = expression
	r.deferCheck(func(*form.Form) { r.addExpressionMistakes(at, text, r.compiler.Time(expression, key)) })
	return expression
}

// readLatestPer reads the field whose answer a ticket is for; empty when the file does not say.
func (r *reader) readLatestPer(m mapping) string {
	name := r.readText(m, "latest_per")
	if name == "" {
		return ""
	}
	at := m.entries["latest_per"].value
	r.deferCheck(func(f *form.Form) {
		of, inGrant := strings.CutPrefix(name, form.GrantPrefix)
		field, known := form.Field{}, false
		switch {
		case inGrant && f.Grant != nil:
			field, known = f.Grant.Field(of)
		case !inGrant:
			field, known = f.Field(name)
		}
		if !inGrant && !r.checkField(at) {
			return
		}
		switch {
		case inGrant && !known:
			r.addMistake(at, "an approval is asked no %q; name a field of \"decisions\"", of)
		case !inGrant && strings.Contains(name, "."):
			r.addMistake(at, `"latest_per" cannot be in the rows of a group, as %q is: a ticket is for one thing`, name)
		case field.Type != form.Choice && field.Type != form.Text:
			r.addMistake(at, `"latest_per" must be a field of type choice or text, but %q is of type %s`, name, field.Type)
		case field.Type == form.Text && field.MaxLength > form.MaxSubject:
			r.addMistake(at, `the field %q may have %d characters; for "latest_per" give it a "max_length" of %d or less`, name, field.MaxLength, form.MaxSubject)
		}
	})
	return name
}
