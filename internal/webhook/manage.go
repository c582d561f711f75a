package webhook

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"docket/db"
	"docket/internal/feed"
	"docket/internal/postgres"
)

// Add adds a webhook for what happens from now on, and returns its secret, which cannot be shown again. It returns ErrURL, ErrPlain,
// ErrReserved, ErrTypes or ErrTooMany when the webhook may not be.
func (w *Webhooks) Add(ctx context.Context, url string, types []feed.Type, by string) (added Webhook, secret string, err error) {
	if err := w.sender.guard.checkURL(url); err != nil {
		return added, "", err
	}
	names, err := typeNames(types)
	if err != nil {
		return added, "", err
	}
	from, err := w.Feed.Head(ctx)
	if err != nil {
		return added, "", err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return added, "", postgres.WrapError("make the id of a webhook", err)
	}
	made := newSecret()
	row, err := w.q.WebhookAdd(ctx, w.Primary, db.WebhookAddParams{
		ID: id, Url: url, Types: names, Secret: w.secrets.seal(made, id, url), AddedBy: by, Position: int64(from), Most: MostWebhooks,
	})
	if postgres.IsNoRows(err) {
		return added, "", ErrTooMany
	}
	if err != nil {
		return added, "", postgres.WrapError("add a webhook", err)
	}
	w.wake()
	return w.fromRow(row), secretText(made), nil
}

// typeNames are types of the feed, each once, in its order. It returns ErrTypes.
func typeNames(types []feed.Type) (names []string, err error) {
	for _, known := range feed.Types {
		if slices.Contains(types, known) {
			names = append(names, string(known))
		}
	}
	if len(names) == 0 || slices.ContainsFunc(types, func(t feed.Type) bool { return !slices.Contains(feed.Types, t) }) {
		return nil, ErrTypes
	}
	return names, nil
}

// List is every webhook, oldest first.
func (w *Webhooks) List(ctx context.Context) ([]Webhook, error) {
	rows, err := w.q.WebhookList(ctx, w.Primary)
	if err != nil {
		return nil, postgres.WrapError("list webhooks", err)
	}
	all := make([]Webhook, len(rows))
	for i, row := range rows {
		all[i] = w.fromRow(row)
	}
	return all, nil
}

// Find finds a webhook, or returns ErrNotFound.
func (w *Webhooks) Find(ctx context.Context, id uuid.UUID) (Webhook, error) {
	row, err := w.q.WebhookGet(ctx, w.Primary, id)
	return w.found(row, "find a webhook", err)
}

// Delete ends a webhook, or returns ErrNotFound.
func (w *Webhooks) Delete(ctx context.Context, id uuid.UUID) error {
	deleted, err := w.q.WebhookDelete(ctx, w.Primary, id)
	switch {
	case err != nil:
		return postgres.WrapError("delete a webhook", err)
	case deleted == 0:
		return ErrNotFound
	}
	return nil
}

// Rotate gives a webhook another secret, which is returned and cannot be shown again. The one before it signs, too, for
// OldSecretLife. It returns ErrNotFound.
func (w *Webhooks) Rotate(ctx context.Context, id uuid.UUID) (rotated Webhook, secret string, err error) {
	found, err := w.Find(ctx, id)
	if err != nil {
		return found, "", err
	}
	made := newSecret()
	row, err := w.q.WebhookRotate(ctx, w.Primary, db.WebhookRotateParams{
		ID: id, Secret: w.secrets.seal(made, id, found.URL), LifeMs: OldSecretLife.Milliseconds(),
	})
	if rotated, err = w.found(row, "rotate the secret of a webhook", err); err != nil {
		return rotated, "", err
	}
	return rotated, secretText(made), nil
}

// SwitchOn lets a webhook go on where it was switched off, or returns ErrNotFound.
func (w *Webhooks) SwitchOn(ctx context.Context, id uuid.UUID) (Webhook, error) {
	row, err := w.q.WebhookSwitchOn(ctx, w.Primary, id)
	defer w.wake()
	return w.found(row, "switch on a webhook", err)
}

// Test has a test sent to a webhook. It returns ErrNotFound, or ErrOff.
func (w *Webhooks) Test(ctx context.Context, id uuid.UUID) (Delivery, error) {
	found, err := w.Find(ctx, id)
	if err != nil {
		return Delivery{}, err
	}
	if found.Off != "" {
		return Delivery{}, ErrOff
	}
	event, err := uuid.NewV7()
	if err != nil {
		return Delivery{}, postgres.WrapError("make the id of a test", err)
	}
	row, err := w.q.DeliveryAddTest(ctx, w.Primary, db.DeliveryAddTestParams{WebhookID: id, EventID: event})
	return foundDelivery(row, "test a webhook", err)
}

// Resend has one event sent again, or returns ErrNotFound.
func (w *Webhooks) Resend(ctx context.Context, id, delivery uuid.UUID) (Delivery, error) {
	row, err := w.q.DeliveryResend(ctx, w.Primary, db.DeliveryResendParams{WebhookID: id, EventID: delivery})
	return foundDelivery(row, "send an event again", err)
}

// ResendSince has every event sent again that happened since a time, and maybe some of the hour before it. It returns ErrNotFound.
// Of a time before what the feed keeps, everything that it keeps is sent.
func (w *Webhooks) ResendSince(ctx context.Context, id uuid.UUID, since time.Time) error {
	from, err := w.Feed.At(ctx, since)
	if err != nil {
		return err
	}
	changed, err := w.q.WebhookRewind(ctx, w.Primary, db.WebhookRewindParams{ID: id, Position: int64(from)})
	switch {
	case err != nil:
		return postgres.WrapError("send events again", err)
	case changed == 0:
		return ErrNotFound
	}
	return nil
}

// Place is a place in the list of deliveries; the zero Place is its beginning.
type Place struct {
	At time.Time
	ID uuid.UUID
}

// Deliveries lists what was sent to a webhook, or waits, newest first, and the place of the next page; the zero Place: there is none.
// It returns ErrNotFound.
func (w *Webhooks) Deliveries(ctx context.Context, id uuid.UUID, before Place, limit int) ([]Delivery, Place, error) {
	if _, err := w.Find(ctx, id); err != nil {
		return nil, Place{}, err
	}
	from := db.DeliveryListParams{WebhookID: id, BeforeMs: before.At.UnixMilli(), BeforeID: before.ID, Most: int32(limit) + 1}
	if before == (Place{}) {
		from.BeforeMs = 1<<63 - 1
	}
	rows, err := w.q.DeliveryList(ctx, w.Primary, from)
	if err != nil {
		return nil, Place{}, postgres.WrapError("list the deliveries of a webhook", err)
	}
	listed, next := make([]Delivery, 0, limit), Place{}
	for i, row := range rows {
		if i == limit {
			last := listed[i-1]
			next = Place{last.CreatedAt, last.ID}
			break
		}
		listed = append(listed, deliveryFromRow(row))
	}
	return listed, next, nil
}

// FindDelivery finds a delivery, or returns ErrNotFound.
func (w *Webhooks) FindDelivery(ctx context.Context, id, delivery uuid.UUID) (Delivery, error) {
	row, err := w.q.DeliveryGet(ctx, w.Primary, db.DeliveryGetParams{WebhookID: id, EventID: delivery})
	return foundDelivery(row, "find a delivery", err)
}

func (w *Webhooks) found(row db.Webhook, what string, err error) (Webhook, error) {
	switch {
	case postgres.IsNoRows(err):
		return Webhook{}, ErrNotFound
	case err != nil:
		return Webhook{}, postgres.WrapError(what, err)
	}
	return w.fromRow(row), nil
}

func foundDelivery(row db.WebhookDelivery, what string, err error) (Delivery, error) {
	switch {
	case postgres.IsNoRows(err):
		return Delivery{}, ErrNotFound
	case err != nil:
		return Delivery{}, postgres.WrapError(what, err)
	}
	return deliveryFromRow(row), nil
}

func (w *Webhooks) fromRow(row db.Webhook) Webhook {
	_, err := w.secrets.open(row.Secret, row.ID, row.Url)
	found := Webhook{
		ID: row.ID, URL: row.Url, AddedBy: row.AddedBy, AddedAt: time.UnixMilli(row.CreatedAtMs), FailingSince: postgres.TimeOrZero(row.FailingSinceMs),
		OffAt: postgres.TimeOrZero(row.OffAtMs), OldSecretEnds: postgres.TimeOrZero(row.OldSecretEndsMs), Unreadable: err != nil,
		Off: OffReason(postgres.OrZero(row.OffReason)),
	}
	for _, name := range row.Types {
		found.Types = append(found.Types, feed.Type(name))
	}
	return found
}

func deliveryFromRow(row db.WebhookDelivery) Delivery {
	d := Delivery{
		ID: row.EventID, Webhook: row.WebhookID, Type: feed.Type(row.Type), State: State(row.State), Attempts: int(row.Attempts), Failure: Failure(row.Error),
		Answer: row.Answer, CreatedAt: time.UnixMilli(row.CreatedAtMs), UpdatedAt: time.UnixMilli(row.UpdatedAtMs),
		TicketID: postgres.OrZero(row.TicketID), Status: int(postgres.OrZero(row.Status)),
	}
	if d.State == Waiting {
		d.NextAt = time.UnixMilli(row.NextAtMs)
	}
	return d
}
