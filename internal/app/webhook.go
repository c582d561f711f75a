package app

import (
	"net/netip"
	"time"

	"docket/internal/webhook"
)

// Webhooks configures where events may be sent.
type Webhooks struct {
	Networks []netip.Prefix // reserved networks that webhooks may be in
	Insecure bool           // http is allowed everywhere
	Renew    time.Duration  // between two renewals of the leases; zero: as the package webhook has it
}

// openWebhooks manages the webhooks of the primary.
func (i *Instance) openWebhooks(c Config) *webhook.Webhooks {
	return webhook.New(webhook.Config{
		Primary: i.Primary, Feed: i.Feed, SessionKey: c.Secret, Networks: c.Webhooks.Networks, Renew: c.Webhooks.Renew, Insecure: c.Webhooks.Insecure, Log: c.Log, Now: i.clock.Time,
		Count:   i.Metrics.CountWebhook,
		Waiting: func(b webhook.Backlog) { i.Metrics.SetWebhooks(b.Off, b.Waiting, b.Behind, b.Oldest) },
	})
}
