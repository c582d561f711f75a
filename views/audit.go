package views

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"docket/internal/ticket"
)

// AuditView is one page of what was done in a range of time.
type AuditView struct {
	Filter       AuditFilter
	Since, Until time.Time // the range in use
	Actions      []string  // to choose from
	Entries      []AuditEntry
	Names        map[string]string // actor or account → what to show
	FirstURL     string            // empty: this is the first page
	NextURL      string            // empty: this is the last page
	Invalid      map[string]string // field of the filter → message
}

// AuditFilter is what of the audit an address asks for, as it was typed.
type AuditFilter struct{ From, To, Actor, Action, Ticket, Cursor string }

// AuditEntry is one thing that was done.
type AuditEntry struct {
	At        time.Time
	Actor     string
	Action    string
	Object    string // kind:id; empty: none
	Count     int64  // 0: it is not about a number of things
	Client    string // empty: unknown, or removed
	RequestID string // empty: no request
}

// AuditPath is the audit through a filter; the zero filter is what was done in the last days.
func AuditPath(f AuditFilter) string {
	return withQuery("/admin/audit", queryOf(map[string]string{
		"from": f.From, "to": f.To, "actor": f.Actor, "action": f.Action, "ticket": f.Ticket, "cursor": f.Cursor,
	}))
}

// auditActor is who did it, in words.
func auditActor(site Site, names map[string]string, actor string) string {
	if actor == "cli" || actor == "anonymous" || actor == "provider" {
		return site.T("audit." + actor)
	}
	return site.actorName(names, actor)
}

// auditObject is what it was done with, in short, and its page, which is empty where there is none.
func auditObject(names map[string]string, object string) (text, link string) {
	kind, name, _ := strings.Cut(object, ":")
	id, err := uuid.Parse(name)
	switch {
	case kind == "ticket" && err == nil:
		return ticketNumber(id), ReviewTicketPath(id)
	case kind == "file" && err == nil:
		return ticketNumber(id), ""
	case kind == "webhook" && err == nil:
		return ticketNumber(id), WebhookPath(id)
	case kind == "user":
		return name, UserPath(name)
	case kind == "account" && names[object] != "":
		return names[object], ""
	case kind == "email":
		return ticket.ShortHash(name), ""
	}
	return name, ""
}

// shortRequest is the beginning of a request's id, by which people tell requests of a list apart.
func shortRequest(id string) string {
	short, _, _ := strings.Cut(id, "-")
	return short
}
