// Package webhook sends events to other systems as they happen: each event to each webhook at least once, those of one ticket in order,
// signed by the Standard Webhooks specification.
package webhook

import (
	"errors"
	"log/slog"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/feed"
	"docket/internal/postgres"
	"docket/internal/sessionkey"
)

const (
	// MostWebhooks is how many webhooks there may be.
	MostWebhooks = 50
	// OldSecretLife is how long a secret signs after it was replaced.
	OldSecretLife = 24 * time.Hour
	// MostFailing is how long a webhook may fail before it is switched off, and a delivery before it is given up.
	MostFailing = 5 * 24 * time.Hour
)

// TestType is the type of a test, which is no event.
const TestType feed.Type = "webhook.test"

// Webhook is an address of another system that is sent events.
type Webhook struct {
	ID            uuid.UUID
	URL           string
	Types         []feed.Type
	AddedBy       string // an actor
	AddedAt       time.Time
	FailingSince  time.Time // zero: the last attempt did not fail
	OffAt         time.Time // zero: it is on
	Off           OffReason // empty: it is on
	OldSecretEnds time.Time // zero: one secret signs
	Unreadable    bool      // its secret was encrypted with another SESSION_KEY, or for another address: nothing is sent
}

// OffReason is why a webhook was switched off.
type OffReason string

// Why a webhook was switched off.
const (
	OffFailing OffReason = "failing" // it failed for MostFailing
	OffGone    OffReason = "gone"    // the receiver answered 410
)

// OffReasons lists every reason.
var OffReasons = []OffReason{OffFailing, OffGone}

// State is where a delivery stands.
type State string

// The states of a delivery.
const (
	Waiting   State = "waiting" // to be tried, the first time or again
	Delivered State = "delivered"
	GivenUp   State = "given_up"
)

// States lists every state.
var States = []State{Waiting, Delivered, GivenUp}

// Failure is why an attempt failed.
type Failure string

// Why attempts fail.
const (
	BadStatus  Failure = "status"   // the answer was not 2xx
	Redirect   Failure = "redirect" // the answer was 3xx, which is not followed
	Timeout    Failure = "timeout"
	Reserved   Failure = "reserved_address" // the name leads to an address that is not of the internet
	Unknown    Failure = "unknown_host"
	BadTLS     Failure = "tls"
	Connection Failure = "connection"
	EventGone  Failure = "event_gone" // the event is no longer kept
)

// Failures lists every failure.
var Failures = []Failure{BadStatus, Redirect, Timeout, Reserved, Unknown, BadTLS, Connection, EventGone}

// Delivery is one event as it was sent to a webhook, or will be.
type Delivery struct {
	ID        uuid.UUID // of the event; the header webhook-id
	Webhook   uuid.UUID
	Type      feed.Type
	TicketID  uuid.UUID // uuid.Nil: none
	State     State
	Attempts  int
	Status    int     // of the last answer; 0: none
	Failure   Failure // of the last attempt; empty: it did not fail
	Answer    string  // the first kibibyte of the last answer
	NextAt    time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Why a webhook is refused.
var (
	ErrNotFound = errors.New("there is no such webhook or delivery")
	ErrOff      = errors.New("the webhook is switched off")
	ErrTooMany  = errors.New("there are as many webhooks as there may be")
	ErrTypes    = errors.New("a webhook is for one or more types of events")
)

// Config is what Webhooks work with.
type Config struct {
	Primary    *postgres.Pool
	Feed       *feed.Feed
	SessionKey []byte
	Networks   []netip.Prefix // reserved networks that webhooks may be in
	Insecure   bool           // http is allowed everywhere
	Agent      string         // how docket calls itself
	Renew      time.Duration  // between two renewals of the leases; zero: five seconds
	Log        *slog.Logger
	Now        func() time.Time     // nil: time.Now
	Count      func(outcome string) // of each attempt: delivered, failed or given_up; may be nil
	Waiting    func(Backlog)        // what waits, again and again; may be nil
}

// now is what time it is for receivers: most refuse a request that is signed for another.
func (c Config) now() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// Backlog is how much is not delivered yet.
type Backlog struct {
	Off     int64         // webhooks that are switched off
	Waiting int64         // deliveries
	Oldest  time.Duration // that a delivery has waited
	Behind  int64         // events that are not handled yet, for the webhook that is furthest behind; at most that many
}

// Webhooks manages webhooks, and sends what is for them.
type Webhooks struct {
	Config
	q       *db.Queries
	secrets secretKey
	sender  *sender
	arrived chan struct{}
}

// New returns Webhooks.
func New(c Config) *Webhooks {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Renew == 0 {
		c.Renew = renewInterval
	}
	if c.Count == nil {
		c.Count = func(string) {}
	}
	if c.Waiting == nil {
		c.Waiting = func(Backlog) {}
	}
	return &Webhooks{Config: c, q: db.New(), secrets: secretKey{sessionkey.NewCipher(c.SessionKey, "docket webhooks: secrets")}, sender: newSender(c), arrived: make(chan struct{}, 1)}
}
