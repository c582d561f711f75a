package views

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// WebhooksPath is where admins see and add webhooks.
const WebhooksPath = "/admin/webhooks"

// WebhooksDonePath is the list of webhooks after a change, and says what was done.
func WebhooksDonePath(done string) string { return withQuery(WebhooksPath, url.Values{"done": {done}}) }

// WebhookPath is one webhook, with what was sent to it.
func WebhookPath(id uuid.UUID) string { return WebhooksPath + "/" + id.String() }

// WebhookDonePath is one webhook after a change, and says what was done.
func WebhookDonePath(id uuid.UUID, done string) string {
	return withQuery(WebhookPath(id), url.Values{"done": {done}})
}

// WebhookPagePath is one webhook with a further page of what was sent to it.
func WebhookPagePath(id uuid.UUID, cursor string) string {
	return withQuery(WebhookPath(id), url.Values{"cursor": {cursor}})
}

// WebhookChanges are what can be done with a webhook; the texts are webhooks.done.NAME.
var WebhookChanges = []string{"rotate", "delete", "on", "test", "resend", "since"}

// WebhooksView is the list of webhooks, and the form that adds another.
type WebhooksView struct {
	Webhooks []Webhook
	Deleted  bool // one was, just now
	Form     WebhookForm
	Asked    Confirmation
}

// Webhook is a webhook as admins see it.
type Webhook struct {
	ID            uuid.UUID
	URL           string
	Types         []string
	AddedBy       string
	Added         time.Time
	FailingSince  time.Time // zero: it does not fail
	Off           string    // why it was switched off; empty: it is on
	OffAt         time.Time
	OldSecretEnds time.Time // zero: one secret signs
	Unreadable    bool      // its secret cannot be read
}

// WebhookForm is the form of a new webhook: what was typed, and what was wrong.
type WebhookForm struct {
	URL     string
	Types   []string          // that were chosen
	Choice  []string          // every type
	Invalid map[string]string // url, type → message
}

// WebhookView is one webhook with what was sent to it.
type WebhookView struct {
	Webhook
	Done       string // what was done just now, one of WebhookChanges
	Deliveries []Delivery
	FirstURL   string // empty: this is the first page
	NextURL    string // empty: this is the last page
	Since      string // that was typed
	WrongSince string
	Asked      Confirmation
}

// Delivery is a delivery as admins see it.
type Delivery struct {
	ID       uuid.UUID
	Type     string
	TicketID uuid.UUID // zero: none
	State    string
	Attempts int
	Status   int    // 0: no answer
	Failure  string // empty: it did not fail
	Answer   string
	Next     time.Time // zero: it is not sent again
	Updated  time.Time
}

// NewSecret is the secret of a webhook; it is shown once.
type NewSecret struct {
	Webhook
	Secret string
}

// webhookState says what keeps a webhook from delivering, if anything does.
func (s Site) webhookState(w Webhook) string {
	switch {
	case w.Off != "":
		return s.T("webhooks.off."+w.Off, "Time", s.shortClock(w.OffAt))
	case w.Unreadable:
		return s.T("webhooks.unreadable")
	case !w.FailingSince.IsZero():
		return s.T("webhooks.failing", "Time", s.shortClock(w.FailingSince))
	}
	return s.T("webhooks.on")
}

// lacking reports whether a webhook needs an admin, or its receiver does.
func (w Webhook) lacking() bool { return w.Off != "" || w.Unreadable || !w.FailingSince.IsZero() }

// underWay reports whether something will be sent within a moment.
func (v WebhookView) underWay() bool {
	return v.Off == "" && slices.ContainsFunc(v.Deliveries, func(d Delivery) bool { return d.State == "waiting" && d.Attempts == 0 })
}

// deliveryResult says what became of a delivery so far.
func (s Site) deliveryResult(d Delivery) string {
	switch {
	case d.Failure == "status" || d.Failure == "redirect":
		return s.T("webhooks.failure."+d.Failure, "Status", strconv.Itoa(d.Status))
	case d.Failure != "":
		return s.T("webhooks.failure." + d.Failure)
	case d.Status != 0:
		return strconv.Itoa(d.Status)
	}
	return ""
}

// webhookTypes says in a few words which events a webhook is sent.
func (s Site) webhookTypes(w Webhook, every int) string {
	if len(w.Types) == every {
		return s.T("webhooks.all_types")
	}
	return s.T("webhooks.some_types", "Count", len(w.Types))
}
