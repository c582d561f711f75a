package api

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"docket/internal/account"
	"docket/internal/form"
)

// description writes the document of one form.
type description struct {
	form      *form.Form
	responses object // the responses that calls share, by name
}

// callText is what the document says of one call.
type callText struct {
	method, path, id, summary, about string
	scope                            account.Scope // empty: for everybody, without a key
	parameters                       []string      // names of components
	sends                            string        // the schema of its body; empty: none
	gives                            string        // the schema of its answer; empty: a file
	takes                            []string      // the media types of its body, which is a file; empty: it is none
	headers                          []string      // further headers of its answer
	status                           int           // of its answer
	notModified                      bool          // it knows If-None-Match
	codes                            []string      // the errors it has beside those that all calls have
}

func calls() []callText {
	return []callText{
		{
			method: "get", path: "/api/openapi.json", id: "openapi", summary: "This document", status: 200,
			about:      "Needs no key. The same form file makes the same text.",
			parameters: []string{"IfNoneMatch"}, gives: "Document", headers: []string{"ETag"}, notModified: true,
		},
		{
			method: "get", path: "/api/v1/users/{user_id}/latest-ticket", id: "latestTicket", scope: account.LatestRead, status: 200,
			summary:    "A user's latest approved ticket",
			about:      "The last approval of the user to commit. A user who has none and a user nobody knows read the same. While the primary is away the answer comes from the replica and says so by `X-Consistency: degraded`; one who asks for the primary gets 503.",
			parameters: []string{"UserID", "Fresh", "IfNoneMatch"}, gives: "LatestTicket", headers: []string{"ETag", "X-Consistency"},
			notModified: true, codes: []string{"no_approved_ticket"},
		},
		{
			method: "get", path: "/api/v1/users/{user_id}/tickets", id: "listTicketsOfUser", scope: account.TicketsRead, status: 200,
			summary:    "A user's tickets, newest first",
			about:      "A user nobody knows has an empty list. The list has no range of time: `from_ms` and `to_ms` are null.",
			parameters: []string{"UserID", "Fresh", "Cursor", "Limit"}, gives: "List", codes: []string{"not_found", "bad_cursor"},
		},
		{
			method: "get", path: "/api/v1/tickets", id: "listTickets", scope: account.TicketsRead, status: 200,
			summary:    "The tickets of one status in a range of time",
			about:      "Without parameters: what waits for a decision since seven days ago, oldest first. `from_ms` and `to_ms` say which range was used: from the first, up to and without the second.",
			parameters: []string{"Fresh", "Status", "From", "To", "User", "Sort", "Cursor", "Limit"}, gives: "List",
			codes: []string{"bad_cursor", "time_range_too_wide"},
		},
		{
			method: "post", path: "/api/v1/tickets", id: "submitTicket", scope: account.TicketsWrite, status: 201,
			summary:    "Submit a ticket for a user",
			about:      "The answers are checked by the form. The same content under the same `Idempotency-Key` makes one ticket and gets the same answer, the ticket as it was when it was submitted; other content under that key is refused. Keys of submissions are kept apart for each API key. Where the form allows one open ticket for each user, a second one is refused with the `ticket` that is open.",
			parameters: []string{"IdempotencyKey"}, sends: "Submission", gives: "Ticket", headers: []string{"Location"},
			codes: []string{"open_ticket_exists", "resubmission_closed", "idempotency_key_reused"},
		},
		{
			method: "get", path: "/api/v1/tickets/{id}", id: "ticket", scope: account.TicketsRead, status: 200,
			summary: "One ticket with its history", about: "The history lists every change, oldest first.",
			parameters: []string{"TicketID", "Fresh"}, gives: "TicketWithHistory", codes: []string{"not_found"},
		},
		{
			method: "post", path: "/api/v1/tickets/{id}/decision", id: "decideTicket", scope: account.DecisionsWrite, status: 200,
			summary:    "Approve or reject a ticket",
			about:      "A decision is final, and names the `version` of the ticket that it was made on. The same decision sent again by the same key is answered like the first; any other second one is refused with the ticket as it stands, and so is a decision on a ticket that an agent is working on.",
			parameters: []string{"TicketID"}, sends: "Decision", gives: "Ticket",
			codes: []string{"not_found", "already_decided", "stale_version", "ticket_held"},
		},
		{
			method: "post", path: "/api/v1/files", id: "uploadFile", scope: account.TicketsWrite, status: 201,
			summary:    "Send a file for a field of a user's next ticket",
			about:      "The body is the file itself, of at most 10 MiB; it is judged by what is in it, whatever its `Content-Type`. A picture is turned upright and loses its metadata. The `id` of the answer is what the field is answered with in the submission, which has to follow within 30 days. `warnings` say what a person should look at; a field may refuse for one of them. A user has at most 100 files in a day that no ticket names.",
			parameters: []string{"FileUser", "FileField"}, takes: uploadTypes, gives: "File", headers: []string{"Location"},
			codes: []string{"forbidden", "too_large", "unsupported_media_type"},
		},
		{
			method: "get", path: "/api/v1/files/{id}", id: "file", scope: account.TicketsRead, status: 200,
			summary: "A file of a ticket", about: "The file itself, once a ticket names it. Who saw it is written down.",
			parameters: []string{"FileID"}, headers: []string{"Content-Disposition"}, codes: []string{"not_found"},
		},
	}
}

// all is the codes of every error that a call can have.
func (c callText) all() []string {
	codes := append([]string{"malformed_request", "method_not_allowed", "invalid"}, c.codes...)
	if c.scope != "" {
		codes = append(codes, "unauthenticated", "missing_scope", "rate_limited", "overloaded", "unavailable", "internal")
	}
	if c.sends != "" {
		codes = append(codes, "malformed_json", "forbidden", "too_large", "unsupported_media_type")
	}
	slices.Sort(codes)
	return codes
}

func (d description) paths() object {
	paths := object{}
	for _, c := range calls() {
		item, ok := paths[c.path].(object)
		if !ok {
			item = object{}
			paths[c.path] = item
		}
		item[c.method] = d.operation(c)
	}
	return paths
}

func (d description) operation(c callText) object {
	operation := object{
		"operationId": c.id, "summary": c.summary, "description": c.about, "responses": d.responsesOf(c), "security": []object{},
	}
	if c.scope != "" {
		operation["security"] = []object{{"key": []string{string(c.scope)}}}
		operation["description"] = c.about + "\n\nScope: `" + string(c.scope) + "`."
	}
	if len(c.parameters) > 0 {
		operation["parameters"] = refs("parameters", c.parameters...)
	}
	if len(c.takes) > 0 {
		operation["requestBody"] = object{"required": true, "content": plain(c.takes)}
	}
	if c.sends != "" {
		operation["requestBody"] = object{"required": true, "content": object{"application/json": object{"schema": ref("schemas", c.sends)}}}
	}
	return operation
}

func (d description) responsesOf(c callText) object {
	good := response(http.StatusText(c.status), "", nil, c.headers...)
	if good["content"] = plain(storedTypes); c.gives != "" {
		good = response(http.StatusText(c.status), "application/json", ref("schemas", c.gives), c.headers...)
	}
	responses := object{strconv.Itoa(c.status): good}
	if c.notModified {
		responses["304"] = response("You have the newest answer: `If-None-Match` named its `ETag`.", "", nil, c.headers...)
	}
	codes := map[int][]string{}
	for _, code := range c.all() {
		codes[problems()[code].status] = append(codes[problems()[code].status], code)
	}
	for status, codes := range codes {
		responses[strconv.Itoa(status)] = d.shared(status, codes, c)
	}
	return responses
}

// plain is content of these media types that is no JSON.
func plain(types []string) object {
	content := object{}
	for _, kind := range types {
		content[kind] = object{}
	}
	return content
}

// shared is a reference to the response of these errors, which is written once.
func (d description) shared(status int, codes []string, c callText) object {
	name := strings.Join(codes, "-or-")
	also := further(status)
	if slices.Contains(c.headers, "X-Consistency") && status == http.StatusNotFound {
		also = append(also, "X-Consistency")
	}
	var lines []string
	for _, code := range codes {
		lines = append(lines, "`"+code+"`: "+problems()[code].when)
	}
	schema := ref("schemas", "Problem_"+codes[0])
	if len(codes) > 1 {
		var each []object
		for _, code := range codes {
			each = append(each, ref("schemas", "Problem_"+code))
		}
		schema = object{"oneOf": each}
	}
	d.responses[name] = response(strings.Join(lines, "\n\n"), "application/problem+json", schema, also...)
	return ref("responses", name)
}

// further is the headers that every error of a status has.
func further(status int) []string {
	switch status {
	case http.StatusUnauthorized:
		return []string{"WWW-Authenticate"}
	case http.StatusMethodNotAllowed:
		return []string{"Allow"}
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return []string{"Retry-After"}
	}
	return nil
}

func response(about, kind string, schema object, further ...string) object {
	sent := object{}
	for _, name := range append(everywhere(), further...) {
		sent[name] = ref("headers", name)
	}
	r := object{"description": about, "headers": sent}
	if kind != "" {
		r["content"] = object{kind: object{"schema": schema}}
	}
	return r
}

func ref(kind, name string) object { return object{"$ref": "#/components/" + kind + "/" + name} }

func refs(kind string, names ...string) []object {
	list := make([]object, len(names))
	for i, name := range names {
		list[i] = ref(kind, name)
	}
	return list
}
