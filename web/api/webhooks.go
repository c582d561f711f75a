package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/audit"
	"docket/internal/feed"
	"docket/internal/form"
	"docket/internal/i18n"
	"docket/internal/ticket"
	"docket/internal/webhook"
	"docket/web/listing"
	"docket/web/problem"
	"docket/web/request"
)

// webhookJSON is a webhook as other systems see it. Secret is there once, when it is made.
type webhookJSON struct {
	ID             uuid.UUID   `json:"id"`
	URL            string      `json:"url"`
	Types          []feed.Type `json:"types"`
	AddedBy        string      `json:"added_by"`
	CreatedAtMS    int64       `json:"created_at_ms"`
	FailingSinceMS *int64      `json:"failing_since_ms"`
	OffAtMS        *int64      `json:"off_at_ms"`
	OffReason      *string     `json:"off_reason"`
	OldSecretEnds  *int64      `json:"old_secret_ends_at_ms"`
	Secret         string      `json:"secret,omitempty"`
}

func newWebhookJSON(w webhook.Webhook, secret string) webhookJSON {
	return webhookJSON{
		ID: w.ID, URL: w.URL, Types: w.Types, AddedBy: w.AddedBy, CreatedAtMS: w.AddedAt.UnixMilli(), FailingSinceMS: msOrNull(w.FailingSince),
		OffAtMS: msOrNull(w.OffAt), OffReason: textOrNull(string(w.Off)), OldSecretEnds: msOrNull(w.OldSecretEnds), Secret: secret,
	}
}

// deliveryJSON is a delivery as other systems see it.
type deliveryJSON struct {
	ID          uuid.UUID     `json:"id"`
	Type        feed.Type     `json:"type"`
	TicketID    *uuid.UUID    `json:"ticket_id"`
	State       webhook.State `json:"state"`
	Attempts    int           `json:"attempts"`
	Status      *int          `json:"status"`
	Failure     *string       `json:"failure"`
	Answer      string        `json:"answer"`
	NextAtMS    *int64        `json:"next_at_ms"`
	CreatedAtMS int64         `json:"created_at_ms"`
	UpdatedAtMS int64         `json:"updated_at_ms"`
}

func newDeliveryJSON(d webhook.Delivery) deliveryJSON {
	shown := deliveryJSON{
		ID: d.ID, Type: d.Type, State: d.State, Attempts: d.Attempts, Failure: textOrNull(string(d.Failure)), Answer: d.Answer,
		NextAtMS: msOrNull(d.NextAt), CreatedAtMS: d.CreatedAt.UnixMilli(), UpdatedAtMS: d.UpdatedAt.UnixMilli(),
	}
	if d.TicketID != uuid.Nil {
		shown.TicketID = &d.TicketID
	}
	if d.Status != 0 {
		shown.Status = &d.Status
	}
	return shown
}

// AddWebhook adds a webhook, and answers with its secret.
func (a *API) AddWebhook(w http.ResponseWriter, r *http.Request, by account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	b, err := readJSON(w, r, "url", "types")
	if err != nil {
		return err
	}
	url, _ := b.readText("url", true)
	types := b.readTypes("types")
	if err := b.wrong.Sorted(); err != nil {
		return err
	}
	added, secret, err := a.Webhooks.Add(r.Context(), url, types, ticket.Key(by.Name))
	if err != nil {
		return webhookProblem(err)
	}
	if err := a.Audit.Record(r.Context(), request.NewEntry(r, audit.WebhookAdded, audit.WebhookObject(added.ID))); err != nil {
		return err
	}
	return WriteJSON(w, http.StatusCreated, newWebhookJSON(added, secret))
}

// readTypes is a member that must be a list of types of events.
func (b *requestBody) readTypes(name string) (types []feed.Type) {
	if !b.hasField(name, true) {
		return nil
	}
	if value := b.members[name].Value; value[0] != '[' || json.Unmarshal(value, &types) != nil {
		b.addProblem(name, form.CodeWrongType, "Must be a list of strings.")
	}
	return types
}

// webhookProblems are the codes and messages of what is wrong with a webhook, by field.
var webhookProblems = []struct {
	err                  error
	field, code, message string
}{
	{webhook.ErrURL, "url", form.CodeBadURL, "Must be an address such as https://example.com/hook, without a user, a password or a fragment."},
	{webhook.ErrPlain, "url", problem.FieldNotHTTPS, "Must begin with https://."},
	{webhook.ErrReserved, "url", problem.FieldReservedAddress, "Must be on the internet: this address is of a reserved network."},
	{webhook.ErrTypes, "types", form.CodeNotAnOption, "Must be one or more types of events."},
	{webhook.ErrTooMany, "url", form.CodeTooMany, "There are as many webhooks as there may be. Delete one."},
	{webhook.ErrOff, "id", problem.FieldSwitchedOff, "The webhook is switched off."},
}

// webhookProblem is an error of a webhook, in the names of the JSON interface.
func webhookProblem(err error) error {
	for _, known := range webhookProblems {
		if errors.Is(err, known.err) {
			return problem.Invalid{{Field: known.field, Code: known.code, Message: known.message}}
		}
	}
	return err
}

// ListWebhooks lists the webhooks, oldest first.
func (a *API) ListWebhooks(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	all, err := a.Webhooks.List(r.Context())
	if err != nil {
		return err
	}
	answer := struct {
		Items []webhookJSON `json:"items"`
	}{make([]webhookJSON, len(all))}
	for i, each := range all {
		answer.Items[i] = newWebhookJSON(each, "")
	}
	return WriteJSON(w, http.StatusOK, answer)
}

// webhookID reads the id in the address, or returns webhook.ErrNotFound.
func webhookID(r *http.Request) (uuid.UUID, error) {
	if _, err := parseParameters(r); err != nil {
		return uuid.Nil, err
	}
	return parseWebhookID(r)
}

func parseWebhookID(r *http.Request) (uuid.UUID, error) {
	text := r.PathValue("id")
	id, err := uuid.Parse(text)
	if err != nil || id.String() != text {
		return uuid.Nil, webhook.ErrNotFound
	}
	return id, nil
}

// changeWebhook answers a call that changes a webhook, and records it.
func (a *API) changeWebhook(w http.ResponseWriter, r *http.Request, action audit.Action, change func(uuid.UUID) (status int, answer any, err error)) error {
	id, err := webhookID(r)
	if err != nil {
		return err
	}
	status, answer, err := change(id)
	if err != nil {
		return webhookProblem(err)
	}
	if err := a.Audit.Record(r.Context(), request.NewEntry(r, action, audit.WebhookObject(id))); err != nil {
		return err
	}
	if status == http.StatusNoContent {
		w.WriteHeader(status)
		return nil
	}
	return WriteJSON(w, status, answer)
}

// DeleteWebhook ends a webhook.
func (a *API) DeleteWebhook(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	return a.changeWebhook(w, r, audit.WebhookDeleted, func(id uuid.UUID) (int, any, error) {
		return http.StatusNoContent, nil, a.Webhooks.Delete(r.Context(), id)
	})
}

// RotateWebhook gives a webhook another secret, which it answers with.
func (a *API) RotateWebhook(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	return a.changeWebhook(w, r, audit.WebhookRotated, func(id uuid.UUID) (int, any, error) {
		rotated, secret, err := a.Webhooks.Rotate(r.Context(), id)
		return http.StatusOK, newWebhookJSON(rotated, secret), err
	})
}

// SwitchOnWebhook lets a webhook that was switched off go on.
func (a *API) SwitchOnWebhook(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	return a.changeWebhook(w, r, audit.WebhookOn, func(id uuid.UUID) (int, any, error) {
		on, err := a.Webhooks.SwitchOn(r.Context(), id)
		return http.StatusOK, newWebhookJSON(on, ""), err
	})
}

// TestWebhook has a test sent.
func (a *API) TestWebhook(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	return a.changeWebhook(w, r, audit.WebhookTested, func(id uuid.UUID) (int, any, error) {
		test, err := a.Webhooks.Test(r.Context(), id)
		return http.StatusAccepted, newDeliveryJSON(test), err
	})
}

// Resend has one delivery sent again, or everything since a time.
func (a *API) Resend(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	if _, err := parseParameters(r); err != nil {
		return err
	}
	b, err := readJSON(w, r, "delivery", "since")
	if err != nil {
		return err
	}
	delivery, since := b.readResend(a.Form)
	if err := b.wrong.Sorted(); err != nil {
		return err
	}
	return a.changeWebhook(w, r, audit.WebhookResent, func(id uuid.UUID) (int, any, error) {
		if delivery != uuid.Nil {
			again, err := a.Webhooks.Resend(r.Context(), id, delivery)
			return http.StatusAccepted, resentJSON{Delivery: new(newDeliveryJSON(again))}, err
		}
		return http.StatusAccepted, resentJSON{SinceMS: msOrNull(since)}, a.Webhooks.ResendSince(r.Context(), id, since)
	})
}

// resentJSON says what is sent again: one delivery, or everything since a time.
type resentJSON struct {
	Delivery *deliveryJSON `json:"delivery"`
	SinceMS  *int64        `json:"since_ms"`
}

// readResend reads which delivery is sent again, or since when all are.
func (b *requestBody) readResend(f *form.Form) (delivery uuid.UUID, since time.Time) {
	text, one := b.readText("delivery", false)
	from, all := b.readText("since", false)
	var err error
	if delivery, err = uuid.Parse(text); one && (err != nil || delivery == uuid.Nil) {
		b.addProblem("delivery", form.CodeWrongType, "Must be the id of a delivery.")
	}
	since, ok := f.ParseTime(from, 0)
	switch {
	case one && all:
		b.addProblem("since", problem.FieldUnexpected, "Send delivery or since, not both.")
	case !one && !all && len(b.wrong) == 0:
		b.addProblem("delivery", form.CodeRequired, "Send delivery, or since.")
	case all && !ok:
		b.addProblem("since", problem.FieldBadTime, "Must be a time such as 2026-01-31T09:00:00Z, or a date.")
	}
	return delivery, since
}

// ListDeliveries lists what was sent to a webhook, or waits, newest first.
func (a *API) ListDeliveries(w http.ResponseWriter, r *http.Request, _ account.Key) error {
	given, err := parseParameters(r, "cursor", "limit")
	if err != nil {
		return err
	}
	id, err := parseWebhookID(r)
	if err != nil {
		return err
	}
	limit, ok := listing.ParseLimit(given)
	if !ok {
		return filterProblem(listing.Problems{"limit": listing.WrongLimit(i18n.Of(i18n.Source))})
	}
	before, err := a.Lists.ParseCursor(given.Get("cursor"), "deliveries", id.String())
	if err != nil {
		return err
	}
	listed, next, err := a.Webhooks.Deliveries(r.Context(), id, webhook.Place(before), limit)
	if err != nil {
		return err
	}
	answer := struct {
		Items      []deliveryJSON `json:"items"`
		NextCursor *string        `json:"next_cursor"`
	}{Items: make([]deliveryJSON, len(listed))}
	for i, each := range listed {
		answer.Items[i] = newDeliveryJSON(each)
	}
	if next != (webhook.Place{}) {
		answer.NextCursor = textOrNull(a.Lists.Sign(ticket.Cursor(next), "deliveries", id.String()))
	}
	return WriteJSON(w, http.StatusOK, answer)
}
