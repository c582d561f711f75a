package views

import (
	"cmp"
	"slices"
	"strconv"

	"docket/internal/form"
	"docket/internal/ticket"
)

// manyReasons is from how many reasons on an agent gets a field to find one by typing.
const manyReasons = 8

func (r Review) title(f *form.Form) string {
	name, _ := gist(f, r.Ticket)
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

// reasonLabel is what agents call a reason; one that the form does not know any more is its code.
func reasonLabel(f *form.Form, code string) string {
	r, _ := f.Reason(code)
	return cmp.Or(r.Label, code)
}

func hasClass(f *form.Form, class form.Class) bool {
	return slices.ContainsFunc(f.Reasons, func(r form.Reason) bool { return r.Class == class })
}

func classHeading(class form.Class) string {
	if class == form.Final {
		return "Final: no further try"
	}
	return "May be put right and sent again"
}

func classWords(class form.Class) string {
	if class == form.Final {
		return "(final)"
	}
	return "(may send again)"
}
