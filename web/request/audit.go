package request

import (
	"net/http"
	"strings"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/ticket"
)

// NewEntry is an entry of the audit for what a request does.
func NewEntry(r *http.Request, action audit.Action, object string) audit.Entry {
	record := RecordOf(r.Context())
	actor := ActorOf(Account(r))
	if strings.HasPrefix(record.Actor, ticket.Key("")) {
		actor = record.Actor
	}
	return audit.Entry{Actor: actor, Action: action, Object: object, Client: record.Client, RequestID: record.ID}
}

// ActorOf is an account as the history of tickets names it; audit.Anonymous for the zero Account.
func ActorOf(a account.Account) string {
	switch {
	case a.Role.Reviews():
		return ticket.Agent(a.ID.String())
	case a.Role.Submits():
		return ticket.User(a.UserID())
	}
	return audit.Anonymous
}
