package api

import (
	"fmt"
	"net/http"
	"slices"

	"docket/internal/account"
	"docket/internal/files"
	"docket/web/problem"
)

// call is what the document says of one call.
type call struct {
	method, path, id, summary, about string
	scope                            account.Scope  // empty: for everybody, without a key
	parameters                       []string       // names of components
	body                             string         // the schema of its body; empty: none
	answer                           string         // the schema of its answer; empty: a file
	ticket                           string         // the schema of the ticket in its 409; empty: it has none
	uploads                          []string       // the media types of its body, which is a file; empty: it is none
	headers                          []string       // further headers of its answer
	status                           int            // of its answer
	conditional                      bool           // it knows If-None-Match
	codes                            []problem.Code // the errors it has beside those that all calls have
}

func allCalls() []call {
	return append([]call{
		{
			method: http.MethodGet, path: "/api/openapi.json", id: "openapi", summary: "This document", status: http.StatusOK,
			about:      "Needs no key. The same form file makes the same text.",
			parameters: []string{"IfNoneMatch"}, answer: "Document", headers: []string{"ETag", "Vary"}, conditional: true,
		},
		{
			method: http.MethodGet, path: "/api/v1/users/{user_id}/latest-ticket", id: "latestTicket", scope: account.LatestRead, status: http.StatusOK,
			summary:    "A user's latest approved ticket",
			about:      "The last approval of the user to commit. A user who has none and a user nobody knows read the same. While the primary is away or overloaded the answer comes from the replica and says so by `X-Consistency: degraded`; one who asks for the primary gets 503.",
			parameters: []string{"UserID", "For", "Fresh", "IfNoneMatch"}, answer: "LatestTicket", headers: []string{"ETag", "X-Consistency"},
			conditional: true, codes: []problem.Code{problem.NoApprovedTicket, problem.ApprovalExpired},
		},
		{
			method: http.MethodGet, path: "/api/v1/users/{user_id}/latest-tickets", id: "latestTicketsOfUser", scope: account.LatestRead, status: http.StatusOK,
			summary:    "A user's latest approved ticket for each subject",
			about:      fmt.Sprintf("In the order of the subjects, %d at most; without approvals that were taken back or have ended. Where the form has no `latest_per`: the latest approved ticket alone, if there is one.", maxSubjects),
			parameters: []string{"UserID", "Fresh"}, answer: "LatestTicketsOfUser", codes: []problem.Code{problem.NotFound},
		},
		{
			method: http.MethodPost, path: "/api/v1/latest-tickets", id: "latestTickets", scope: account.LatestRead, status: http.StatusOK,
			summary:    "The latest approved tickets of several users",
			about:      fmt.Sprintf("One item for each of the %d users at most, in the order in which they are named; `ticket` is null where the call for that user alone answers 404. A user may be named twice. The body may have %d MiB. It reads as much as the call for one user does: so it is as old, and says so by `X-Consistency: degraded` if any of it is.", maxBatchUsers, maxBatchBytes>>20),
			parameters: []string{"Fresh"}, body: "Users", answer: "LatestTickets", headers: []string{"X-Consistency"},
		},
		{
			method: http.MethodGet, path: "/api/v1/users/{user_id}/tickets", id: "listTicketsOfUser", scope: account.TicketsRead, status: http.StatusOK,
			summary:    "A user's tickets, newest first",
			about:      "A user nobody knows has an empty list. The list has no range of time: `from_ms` and `to_ms` are null.",
			parameters: []string{"UserID", "Fresh", "Cursor", "Limit"}, answer: "List", headers: []string{"Vary"}, codes: []problem.Code{problem.NotFound, problem.BadCursor},
		},
		{
			method: http.MethodGet, path: "/api/v1/tickets", id: "listTickets", scope: account.TicketsRead, status: http.StatusOK,
			summary:    "The tickets of one status in a range of time",
			about:      "Without parameters: the open tickets that were created in the last seven days, oldest first. For a closed status `from`, `to` and `sort` mean the time of closing, and `newest` is the default. `from_ms` and `to_ms` say which range was used: from the first, up to and without the second.",
			parameters: []string{"Fresh", "Status", "From", "To", "User", "Sort", "Cursor", "Limit"}, answer: "List", headers: []string{"Vary"},
			codes: []problem.Code{problem.BadCursor, problem.TimeRangeTooWide},
		},
		{
			method: http.MethodPost, path: "/api/v1/tickets", id: "submitTicket", scope: account.TicketsWrite, status: http.StatusCreated,
			summary:    "Submit a ticket for a user",
			about:      "The answers are checked by the form. The same content under the same `Idempotency-Key` makes one ticket and gets the same answer, the ticket as it was when it was submitted; other content under that key is refused. Keys of submissions are kept apart for each API key. Where the form allows one open ticket for each user, a second one is refused with the `ticket` that is open.",
			parameters: []string{"IdempotencyKey"}, body: "Submission", answer: "Ticket", ticket: "TicketName", headers: []string{"Location"},
			codes: []problem.Code{problem.OpenTicketExists, problem.ResubmissionClosed, problem.IdempotencyKeyReused},
		},
		{
			method: http.MethodGet, path: "/api/v1/tickets/{id}", id: "ticket", scope: account.TicketsRead, status: http.StatusOK,
			summary: "One ticket with its history", about: "The history lists every change, oldest first. With `wait` the answer comes as soon as the ticket is closed, or as it stands when the time is over.",
			parameters: []string{"TicketID", "Fresh", "Wait"}, answer: "TicketWithHistory", codes: []problem.Code{problem.NotFound},
		},
		{
			method: http.MethodPost, path: "/api/v1/tickets/{id}/decision", id: "decideTicket", scope: account.DecisionsWrite, status: http.StatusOK,
			summary:    "Approve or reject a ticket",
			about:      "A decision is final, and names the `version` of the ticket that it was made on. The same decision sent again by the same key is answered like the first; any other second one is refused with the ticket as it stands, and so is a decision on a ticket that an agent is working on. Where two have to think the same, and the form lets a program be the first, the decision is kept as an opinion and the `status` of the answer is still `processing`.",
			parameters: []string{"TicketID"}, body: "DecisionRequest", answer: "DecidedTicket", ticket: "DecidedTicket",
			codes: []problem.Code{problem.NotFound, problem.AlreadyDecided, problem.StaleVersion, problem.TicketHeld},
		},
		{
			method: http.MethodPost, path: "/api/v1/tickets/{id}/withdraw", id: "withdrawTicket", scope: account.TicketsWrite, status: http.StatusOK,
			summary:    "Take back a ticket",
			about:      "An open ticket that this key has submitted; any other one is not found. It takes no body. Sent again it is answered like the first time. A ticket that was decided meanwhile is in the `ticket` of the answer.",
			parameters: []string{"TicketID"}, answer: "DecidedTicket", ticket: "DecidedTicket",
			codes: []problem.Code{problem.Forbidden, problem.NotFound, problem.AlreadyDecided},
		},
		{
			method: http.MethodGet, path: "/api/v1/events", id: "events", scope: account.EventsRead, status: http.StatusOK,
			summary:    "Every committed change, once, in order",
			about:      "Without `after` from the oldest that is kept; events are kept for 30 days. Keep `next` with what you have done, and send it as `after`. With `wait` the answer comes as soon as there is an event, or empty. The changes of a ticket are in order, and those of a user: whoever keeps the `user_seq` that was used last for each user can ignore what is not greater.",
			parameters: []string{"After", "EventTypes", "EventLimit", "Wait"}, answer: "Events", headers: []string{"Vary"},
			codes: []problem.Code{problem.BadCursor, problem.CursorExpired},
		},
		{
			method: http.MethodPost, path: "/api/v1/files", id: "uploadFile", scope: account.TicketsWrite, status: http.StatusCreated,
			summary:    "Send a file for a field of a user's next ticket",
			about:      fmt.Sprintf("The body is the file itself, of at most %d MiB; it is judged by what is in it, whatever its `Content-Type`. A picture is turned upright and loses its metadata. The `id` of the answer is what the field is answered with in the submission, which has to follow within 30 days. `warnings` say what a person should look at; a field may refuse for one of them. A user has at most %d files in a day, refused ones included.", files.MaxBytes>>20, files.MaxPerDay),
			parameters: []string{"FileUser", "FileField"}, uploads: uploadTypes, answer: "File", headers: []string{"Location"},
			codes: []problem.Code{problem.Forbidden, problem.TooLarge, problem.UnsupportedMediaType},
		},
		{
			method: http.MethodGet, path: "/api/v1/files/{id}", id: "file", scope: account.TicketsRead, status: http.StatusOK,
			summary: "A file of a ticket", about: "The file itself, once a ticket names it. Who saw it is written down.",
			parameters: []string{"FileID"}, headers: []string{"Content-Disposition"}, codes: []problem.Code{problem.NotFound},
		},
		{
			method: http.MethodPost, path: "/api/v1/submission-links", id: "addSubmissionLink", scope: account.LinksWrite, status: http.StatusCreated,
			summary: "Make an address at which a person fills in the form for your user id",
			about:   "The person needs no account. What they send is a ticket that your key has submitted, once. The address works in the browser that opens it first; another one needs the code that the first shows. It is shown only here.",
			body:    "SubmissionLinkSettings", answer: "SubmissionLink",
		},
		{
			method: http.MethodDelete, path: "/api/v1/submission-links/{id}", id: "revokeSubmissionLink", scope: account.LinksWrite, status: http.StatusNoContent,
			summary: "End a submission link that your key has made", about: "A second time it changes nothing.",
			parameters: []string{"LinkID"}, codes: []problem.Code{problem.NotFound},
		},
	}, webhookCalls()...)
}

// allCodes lists the codes of every error that a call can have.
func (c call) allCodes() []problem.Code {
	codes := append([]problem.Code{problem.MalformedRequest, problem.MethodNotAllowed, problem.InvalidInput}, c.codes...)
	if c.scope != "" {
		codes = append(codes, problem.Unauthenticated, problem.MissingScope, problem.RateLimited, problem.Overloaded, problem.Unavailable, problem.Internal)
	}
	if c.body != "" {
		codes = append(codes, problem.MalformedJSON, problem.Forbidden, problem.TooLarge, problem.UnsupportedMediaType)
	}
	slices.Sort(codes)
	return codes
}
