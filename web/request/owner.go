package request

import (
	"context"
	"maps"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"docket/internal/submissionlink"
	"docket/internal/ticket"
)

// Owner is whose tickets a page for customers is about: the account that is signed in, or the user of a submission link.
type Owner struct {
	UserID string
	Link   submissionlink.Link // with which the page was opened; the zero Link: an account is signed in
	Token  string              // of the link
	Fixed  map[string][]string // answers that are known and cannot be changed; none where they are not known: then a link may have them
	First  bool                // the link's first browser asks
}

type ownerKey struct{}

// WithOwner adds the user of a submission link to a context, and notes the link for the log.
func WithOwner(ctx context.Context, o Owner) context.Context {
	RecordOf(ctx).Actor = o.Uploader()
	return context.WithValue(ctx, ownerKey{}, o)
}

// OwnerOf is whose tickets a page for customers is about.
func OwnerOf(r *http.Request) Owner {
	if o, visits := r.Context().Value(ownerKey{}).(Owner); visits {
		return o
	}
	return Owner{UserID: Account(r).UserID()}
}

// UserID is the user whose tickets a page for customers is about.
func UserID(r *http.Request) string { return OwnerOf(r).UserID }

// Visits reports whether the page was opened with a submission link.
func (o Owner) Visits() bool { return o.Link.ID != uuid.Nil }

// Draft is the name under which the owner's draft is kept.
func (o Owner) Draft() string {
	if o.Visits() {
		return "link:" + o.Link.ID.String()
	}
	return o.UserID
}

// Uploader is who sends the owner's files, as a file names its sender.
func (o Owner) Uploader() string {
	if o.Visits() {
		return o.Draft()
	}
	return ticket.User(o.UserID)
}

// Sender is who submits the owner's tickets: with a link it is the key that made the link.
func (o Owner) Sender() string {
	if o.Visits() {
		return ticket.Key(o.Link.KeyName)
	}
	return ticket.User(o.UserID)
}

// Sees reports whether the owner may see more of one of their tickets than that it exists: with a link, only what its key has submitted.
func (o Owner) Sees(t ticket.Ticket) bool {
	return t.UserID == o.UserID && (!o.Visits() || t.SubmittedBy == o.Sender())
}

// SubmissionID is what names the one submission of a link; empty for an account, which names each of its own.
func (o Owner) SubmissionID() string {
	if o.Visits() {
		return o.Link.ID.String()
	}
	return ""
}

// Lock puts the answers that the owner cannot change in place of what was typed.
func (o Owner) Lock(typed map[string][]string) {
	for _, name := range o.Link.Locked {
		isIn := func(other string, _ []string) bool { return other == name || strings.HasPrefix(other, name+".") } // a group with its rows
		maps.DeleteFunc(typed, isIn)
		for other, texts := range o.Link.Prefill {
			if isIn(other, nil) {
				typed[other] = texts
			}
		}
	}
	for name, texts := range o.Fixed {
		if o.Visits() {
			texts = o.Link.Prefill[name]
		}
		if typed[name] = texts; len(texts) == 0 {
			delete(typed, name)
		}
	}
}

// Fill adds the answers that the form has already where there are none, and locks those that cannot be changed.
func (o Owner) Fill(values map[string][]string) map[string][]string {
	if !o.Visits() && len(o.Fixed) == 0 {
		return values
	}
	filled := make(map[string][]string, len(values)+len(o.Link.Prefill))
	maps.Copy(filled, o.Link.Prefill)
	maps.Copy(filled, values)
	o.Lock(filled)
	return filled
}
