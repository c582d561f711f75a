package views

import (
	"net/url"
	"strconv"

	"github.com/google/uuid"
)

// Link is the submission link with which a page was opened; the zero Link is none: the page is that of an account.
type Link struct {
	Token     string
	Back      string          // where the person goes afterwards; empty: nowhere
	BackHost  string          // the host of Back, for people
	Sent      bool            // the form was sent with this link
	Elsewhere bool            // another browser has opened it first
	Locked    map[string]bool // the fields that the person cannot change
}

// Visited reports whether the page was opened with a submission link.
func (l Link) Visited() bool { return l.Token != "" }

// LinkPath is where a person fills in the form with the submission link of this token.
func LinkPath(token string) string { return "/s/" + url.PathEscape(token) }

// LinkCodePath is LinkPath for another browser, which shows a code.
func LinkCodePath(token, code string) string {
	return withQuery(LinkPath(token), url.Values{"code": {code}})
}

// BeginPath is where the first browser begins to use the link.
func (l Link) BeginPath() string { return LinkPath(l.Token) + "/begin" }

// AdmitPath is where another browser shows the code.
func (l Link) AdmitPath() string { return LinkPath(l.Token) + "/code" }

// PhonePath is where a page waits for the files that a phone sends; so many were there before.
func (l Link) PhonePath(before int) string {
	return withQuery(LinkPath(l.Token)+"/phone", url.Values{"before": {strconv.Itoa(before)}})
}

// waitPath is PhonePath for a page that shows how many files are there.
func (l Link) waitPath(before, there int) string {
	return l.PhonePath(before) + "&seen=" + strconv.Itoa(there)
}

// Home is the first page of whoever the page is for.
func (l Link) Home() string {
	if l.Visited() {
		return LinkPath(l.Token)
	}
	return HomePath
}

// Form is where the form is shown, and where its draft is sent.
func (l Link) Form() string {
	if l.Visited() {
		return LinkPath(l.Token) + "/form"
	}
	return NewTicketPath
}

// Step is where the step with a key is shown, from which the one with the key then comes next; empty: the one that follows.
func (l Link) Step(key, then string) string {
	return withQuery(l.Form(), queryOf(map[string]string{"step": key, "then": then}))
}

// Submit is where the form is sent.
func (l Link) Submit() string {
	if l.Visited() {
		return LinkPath(l.Token)
	}
	return TicketsPath
}

// VisibleFields is where a page asks which fields apply.
func (l Link) VisibleFields() string { return l.Form() + "/asked" }

// Ticket is a ticket as its owner sees it.
func (l Link) Ticket(id uuid.UUID) string {
	if l.Visited() {
		return LinkPath(l.Token)
	}
	return TicketPath(id)
}

// Upload is where a file for a field is sent.
func (l Link) Upload(field string) string { return l.files() + UploadPath(field) }

// File is a file of the owner.
func (l Link) File(id string) string { return l.files() + FilePath(id) }

// Preview is a picture of the owner with so many pixels on its longer side.
func (l Link) Preview(id string, size int) string { return l.files() + PreviewPath(id, size) }

func (l Link) files() string {
	if l.Visited() {
		return LinkPath(l.Token)
	}
	return ""
}
