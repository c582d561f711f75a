package request

import (
	"net/http"
	"strings"

	"docket/internal/audit"
	"docket/internal/ticket"
)

// NewEntry is an entry of the audit for what a request does.
func NewEntry(r *http.Request, action audit.Action, object string) audit.Entry {
	record := RecordOf(r.Context())
	return audit.Entry{Actor: actorOf(r), Action: action, Object: object, Client: record.Client, RequestID: record.ID}
}

// actorOf is who sent a request, as the history of tickets names them.
func actorOf(r *http.Request) string {
	a, noted := Account(r), RecordOf(r.Context()).Actor
	switch {
	case a.Role.Reviews():
		return ticket.Agent(a.ID.String())
	case a.Role.Submits():
		return ticket.User(a.ID.String())
	case strings.HasPrefix(noted, ticket.Key("")):
		return noted
	}
	return audit.Anonymous
}
