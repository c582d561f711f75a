package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"

	"docket/internal/audit"
	"docket/internal/feed"
	"docket/internal/form"
	"docket/internal/postgres"
	"docket/internal/sleep"
	"docket/internal/webhook"
)

const testTime = 30 * time.Second // how long docket webhook test waits

type webhookCommands struct {
	Add    webhookAdd    `cmd:"" help:"Have events sent to an address, and print the secret once."`
	List   webhookList   `cmd:"" help:"List the webhooks."`
	Rotate webhookRotate `cmd:"" help:"Make a new secret and print it once; the old one signs, too, for 24 hours."`
	Delete webhookDelete `cmd:"" help:"Delete a webhook."`
	On     webhookOn     `cmd:"" help:"Switch on a webhook that was switched off; it goes on where it was."`
	Test   webhookTest   `cmd:"" help:"Send a test and print what became of it. An instance of docket must be running."`
	Resend webhookResend `cmd:"" help:"Send one event again, or everything since a time."`
}

// webhookNetworks are the reserved networks that webhooks may be in.
type webhookNetworks struct {
	Networks string `name:"webhook-networks" env:"WEBHOOK_NETWORKS" placeholder:"NETWORK" help:"Networks that are not the internet to which webhooks may be sent all the same, such as 10.1.0.0/16 or 127.0.0.1, separated by commas; also by http. Default: none."`
}

func (o webhookNetworks) parseWebhookNetworks() ([]netip.Prefix, error) {
	return parsePrefixes("WEBHOOK_NETWORKS (--webhook-networks)", o.Networks)
}

// Validate refuses what is no network. Kong calls it.
func (o webhookNetworks) Validate() error {
	_, err := o.parseWebhookNetworks()
	return err
}

// webhookOptions are the database, and the key that secrets are encrypted with.
type webhookOptions struct {
	dirOptions
	SessionKey string `env:"SESSION_KEY" placeholder:"KEY" help:"The session key of the servers, which encrypts the secrets. Default: that of docket dev."`
}

// openedWebhooks are webhooks, until they are closed.
type openedWebhooks struct {
	*webhook.Webhooks
	pool  *postgres.Pool
	close func()
}

// open opens the webhooks. needsKey: secrets are made.
func (o webhookOptions) open(ctx context.Context, networks []netip.Prefix, needsKey bool) (_ *openedWebhooks, err error) {
	var key []byte
	if needsKey {
		if key, err = o.readSessionKey(o.SessionKey); err != nil {
			return nil, err
		}
	}
	pool, err := o.openPool(ctx)
	if err != nil {
		return nil, err
	}
	events, ended := feed.New(pool), make(chan error, 1)
	ctx, end := context.WithCancel(ctx)
	go func() { ended <- events.Run(ctx) }()
	return &openedWebhooks{
		webhook.New(webhook.Config{Primary: pool, Feed: events, SessionKey: key, Networks: networks}), pool,
		func() { end(); <-ended; pool.Close() },
	}, nil
}

type webhookAdd struct {
	webhookOptions
	webhookNetworks
	URL      string      `arg:"" help:"The address, with https://."`
	Type     []feed.Type `placeholder:"TYPE" help:"Which events, such as ticket.approved; several, with commas or by repeating the flag. Default: all."`
	Insecure bool        `env:"DOCKET_INSECURE" help:"Allow http, as docket serve --insecure does."`
}

// Validate refuses what is no network. Kong calls it.
func (c webhookAdd) Validate() error {
	return errors.Join(c.webhookOptions.Validate(), c.webhookNetworks.Validate())
}

func (c webhookAdd) Run(ctx context.Context) error {
	networks, err := c.parseWebhookNetworks()
	if err != nil {
		return err
	}
	all, err := c.open(ctx, networks, true)
	if err != nil {
		return err
	}
	defer all.close()
	types := c.Type
	if len(types) == 0 {
		types = feed.Types
	}
	added, secret, err := all.Add(ctx, c.URL, types, audit.CLI)
	if errors.Is(err, webhook.ErrTypes) {
		err = fmt.Errorf("%w: %s", err, joinTypes(feed.Types))
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "The webhook %s is added. Its secret is shown only this once:\n", added.ID)
	return errors.Join(printSecret(secret), recordCommand(ctx, all.pool, audit.WebhookAdded, audit.WebhookObject(added.ID), 0))
}

func joinTypes(types []feed.Type) string {
	names := make([]string, len(types))
	for i, each := range types {
		names[i] = string(each)
	}
	return strings.Join(names, ",")
}

type webhookList struct{ webhookOptions }

func (c webhookList) Run(ctx context.Context, out io.Writer) error {
	all, err := c.open(ctx, nil, false)
	if err != nil {
		return err
	}
	defer all.close()
	listed, err := all.List(ctx)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tURL\tTYPES\tADDED\tADDED BY\tFAILS SINCE\tSWITCHED OFF")
	for _, each := range listed {
		off := formatTime(each.OffAt)
		if each.Off != "" {
			off += " (" + string(each.Off) + ")"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", each.ID, each.URL, joinTypes(each.Types), formatTime(each.AddedAt), each.AddedBy, formatTime(each.FailingSince), off)
	}
	return table.Flush()
}

// webhookOne is a command about one webhook.
type webhookOne struct {
	webhookOptions
	ID string `arg:"" help:"The ID of the webhook, from docket webhook list."`
}

// change opens the webhooks, changes one, and records that.
func (c webhookOne) change(ctx context.Context, action audit.Action, needsKey bool, change func(*webhook.Webhooks, uuid.UUID) error) error {
	id, err := uuid.Parse(c.ID)
	if err != nil {
		return fmt.Errorf("%q is not the ID of a webhook; see docket webhook list", c.ID)
	}
	all, err := c.open(ctx, nil, needsKey)
	if err != nil {
		return err
	}
	defer all.close()
	if err := change(all.Webhooks, id); err != nil {
		return err
	}
	return recordCommand(ctx, all.pool, action, audit.WebhookObject(id), 0)
}

type webhookRotate struct{ webhookOne }

func (c webhookRotate) Run(ctx context.Context) error {
	return c.change(ctx, audit.WebhookRotated, true, func(all *webhook.Webhooks, id uuid.UUID) error {
		rotated, secret, err := all.Rotate(ctx, id)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "The secret before signs, too, until %s. The new one is shown only this once:\n", formatTime(rotated.OldSecretEnds))
		return printSecret(secret)
	})
}

type webhookDelete struct{ webhookOne }

func (c webhookDelete) Run(ctx context.Context) error {
	return c.change(ctx, audit.WebhookDeleted, false, func(all *webhook.Webhooks, id uuid.UUID) error { return all.Delete(ctx, id) })
}

type webhookOn struct{ webhookOne }

func (c webhookOn) Run(ctx context.Context) error {
	return c.change(ctx, audit.WebhookOn, false, func(all *webhook.Webhooks, id uuid.UUID) error {
		_, err := all.SwitchOn(ctx, id)
		return err
	})
}

type webhookTest struct{ webhookOne }

func (c webhookTest) Run(ctx context.Context, out io.Writer) error {
	return c.change(ctx, audit.WebhookTested, false, func(all *webhook.Webhooks, id uuid.UUID) error {
		test, err := all.Test(ctx, id)
		for ends := time.Now().Add(testTime); err == nil && test.Attempts == 0; test, err = all.FindDelivery(ctx, id, test.ID) {
			if time.Now().After(ends) {
				return errors.New("the test is not sent yet: does an instance of docket run?")
			}
			if err := sleep.For(ctx, 200*time.Millisecond); err != nil {
				return err
			}
		}
		if err != nil {
			return err
		}
		if test.State != webhook.Delivered {
			return fmt.Errorf("the test has failed (%s, status %d); it is tried again: %s", test.Failure, test.Status, test.Answer)
		}
		_, err = fmt.Fprintf(out, "the receiver answered %d\n", test.Status)
		return err
	})
}

type webhookResend struct {
	webhookOne
	formOptions
	Delivery string `xor:"what" required:"" placeholder:"ID" help:"One delivery: the webhook-id of the event."`
	Since    string `xor:"what" required:"" placeholder:"WHEN" help:"Everything since a day in the form's time zone, or a time such as 2026-01-31T09:00:00Z, at most 30 days ago."`
}

func (c webhookResend) Run(ctx context.Context) error {
	f, err := c.load()
	if err != nil {
		return err
	}
	return c.change(ctx, audit.WebhookResent, false, func(all *webhook.Webhooks, id uuid.UUID) error { return c.resend(ctx, f, all, id) })
}

func (c webhookResend) resend(ctx context.Context, f *form.Form, all *webhook.Webhooks, id uuid.UUID) error {
	if c.Delivery != "" {
		delivery, err := uuid.Parse(c.Delivery)
		if err != nil {
			return fmt.Errorf("%q is not the ID of a delivery", c.Delivery)
		}
		_, err = all.Resend(ctx, id, delivery)
		return err
	}
	since, ok := f.ParseTime(c.Since, 0)
	if !ok {
		return fmt.Errorf(badTimeText, "--since", c.Since)
	}
	return all.ResendSince(ctx, id, since)
}
