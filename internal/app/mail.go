package app

import (
	"cmp"
	"context"
	"net/netip"
	"net/url"

	"docket/internal/form"
	"docket/internal/mail"
)

// Mail configures how e-mail is sent. The zero Mail sends none.
type Mail struct {
	ServerURL string // an SMTP server, such as smtps://user:password@mail.example.com
	From      string // the sender; empty: docket at the host of BaseURL
	Folder    string // where e-mails are written instead; empty: they are sent
}

// openMail opens the outbox; nil when no e-mail is sent.
func (i *Instance) openMail(c Config) (*mail.Outbox, error) {
	outbox := mail.Config{
		Primary: i.Primary, Accounts: i.Accounts, Form: c.Form, FormOf: i.archivedForm, Usual: i.Rollups.Usual, BaseURL: c.BaseURL, Secret: c.Secret,
		From: cmp.Or(c.Mail.From, defaultSender(c.BaseURL)), Log: c.Log, Count: i.Metrics.CountMail, Waiting: i.Metrics.SetMailWaiting,
	}
	switch {
	case c.Mail.ServerURL != "":
		return mail.Open(outbox, c.Mail.ServerURL)
	case c.Mail.Folder != "":
		return mail.OpenFolder(outbox, c.Mail.Folder)
	}
	return nil, nil
}

// archivedForm is the form of a version; nil when that is not known.
func (i *Instance) archivedForm(ctx context.Context, version string) *form.Form {
	return i.Forms.Find(ctx, version)[version]
}

// defaultSender is docket at the host of an address, or at localhost where that has no name.
func defaultSender(baseURL string) string {
	u, err := url.Parse(baseURL)
	if err != nil || u.Hostname() == "" {
		return "docket@localhost"
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		return "docket@localhost"
	}
	return "docket@" + u.Hostname()
}
