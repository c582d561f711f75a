// Package mail sends e-mail to the owners of accounts. What is to be sent stands in a table, the outbox: a row is written with the
// change that it is about, and every instance that can send takes rows from it.
package mail

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/postgres"
)

// Config is what an Outbox works with.
type Config struct {
	Primary  *postgres.Pool
	Accounts *account.Accounts
	Form     *form.Form                                           // whose title stands in every e-mail
	FormOf   func(ctx context.Context, version string) *form.Form // of tickets; nil: not known
	BaseURL  string                                               // where links lead
	From     string                                               // an address, with or without a name
	Secret   []byte                                               // for the keys of what is counted
	Log      *slog.Logger
	Usual    func(ctx context.Context, now time.Time) time.Duration // within which tickets are decided, 0 when that is not known; nil: never known
	Count    func(outcome string)                                   // of each attempt: sent, failed or given_up
	Waiting  func(waiting int64, oldest time.Duration)              // what waits, again and again
}

// Outbox is the e-mails that wait to be sent.
type Outbox struct {
	Config
	sender  sender
	folder  *Folder // nil: e-mails are sent by SMTP
	limits  limits
	q       *db.Queries
	arrived chan struct{}
}

// Open opens an outbox whose e-mails are sent to the server at an address of the form smtp://user:password@host:port or smtps://….
func Open(c Config, smtpURL string) (*Outbox, error) {
	server, err := ParseServer(smtpURL)
	if err != nil {
		return nil, err
	}
	if err := CheckFrom(c.From); err != nil {
		return nil, err
	}
	return newOutbox(c, server, nil), nil
}

// OpenFolder opens an outbox whose e-mails are files in a folder, which is made if it is missing.
func OpenFolder(c Config, path string) (*Outbox, error) {
	folder, err := newFolder(path)
	if err != nil {
		return nil, err
	}
	return newOutbox(c, folder, folder), nil
}

func newOutbox(c Config, s sender, folder *Folder) *Outbox {
	return &Outbox{
		Config: c, sender: s, folder: folder, q: db.New(), arrived: make(chan struct{}, 1),
		limits: limits{primary: c.Primary, q: db.New(), secret: c.Secret},
	}
}

// Confirms reports whether new accounts have to be confirmed. In a folder nobody gets an e-mail.
func (o *Outbox) Confirms() bool { return o.folder == nil }

// Folder is where e-mails are written instead of being sent; nil: they are sent.
func (o *Outbox) Folder() *Folder { return o.folder }

// Wake has the outbox sent at once, after something was written to it.
func (o *Outbox) Wake() {
	select {
	case o.arrived <- struct{}{}:
	default: // it is awake
	}
}

// AskReset has a link sent that sets a new password. An address without an account gets nothing, which does not show here.
func (o *Outbox) AskReset(ctx context.Context, email string) error {
	err := o.q.OutboxAddReset(ctx, o.Primary, account.EmailOfAccount(email))
	return o.checkAdded("ask for a new password", err)
}

// AskConfirmation has the link sent again that confirms an address. One that is confirmed, or has no account, gets nothing.
func (o *Outbox) AskConfirmation(ctx context.Context, email string) error {
	err := o.q.OutboxAddConfirm(ctx, o.Primary, account.EmailOfAccount(email))
	return o.checkAdded("ask for a confirmation", err)
}

// NotifyNewDevice tells the owner of an account that somebody signs in to it on a device that is new to it. In the first hour of an
// account it does not, nor more than a few times in an hour.
func (o *Outbox) NotifyNewDevice(ctx context.Context, id uuid.UUID) error {
	counts, err := o.limits.count(ctx, o.limits.keyOf("new device", id.String()))
	if err != nil || counts[0].Requests > maxOfAddress {
		return err
	}
	return o.checkAdded("tell of a new device", o.q.OutboxAddNewDevice(ctx, o.Primary, id))
}

func (o *Outbox) checkAdded(what string, err error) error {
	if err != nil {
		return postgres.WrapError(what, err)
	}
	o.Wake()
	return nil
}

// Sweep deletes what has expired, again and again until ctx ends. Every instance does that, also one that cannot send.
func Sweep(ctx context.Context, primary *postgres.Pool) error {
	q := db.New()
	return repeat(ctx, sweepInterval, func() { _ = q.OutboxSweep(ctx, primary) }) // the next round tries again
}
