package client

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Webhook is an address that docket tells of events.
type Webhook struct {
	ID              string   `json:"id"`
	URL             string   `json:"url"`
	Types           []string `json:"types"`
	AddedBy         string   `json:"added_by"`
	CreatedAt       Time     `json:"created_at_ms"`
	FailingSince    Time     `json:"failing_since_ms"`
	OffAt           Time     `json:"off_at_ms"` // when it was switched off
	OffReason       string   `json:"off_reason"`
	OldSecretEndsAt Time     `json:"old_secret_ends_at_ms"`
	Secret          string   `json:"secret"` // whsec_…, shown when it is made
}

// AddWebhook adds a webhook for one or more types of events, with its secret. After a failure that leaves open whether it was added it
// is not tried again.
func (c *Client) AddWebhook(ctx context.Context, address string, types ...string) (Webhook, error) {
	made, err := newCall(http.MethodPost, "webhooks").withJSON(map[string]any{"url": address, "types": types})
	if err != nil {
		return Webhook{}, err
	}
	made.once = true
	var added Webhook
	return added, c.decode(ctx, made, &added)
}

// Webhooks lists the webhooks, oldest first.
func (c *Client) Webhooks(ctx context.Context) ([]Webhook, error) {
	var all struct {
		Items []Webhook `json:"items"`
	}
	err := c.decode(ctx, newCall(http.MethodGet, "webhooks"), &all)
	return all.Items, err
}

// RotateWebhook gives a webhook another secret, with which it is answered. The old one goes on signing beside it for a while.
func (c *Client) RotateWebhook(ctx context.Context, id string) (Webhook, error) {
	made := newCall(http.MethodPost, "webhooks", id, "rotate")
	made.once = true
	var rotated Webhook
	return rotated, c.decode(ctx, made, &rotated)
}

// DeleteWebhook ends a webhook.
func (c *Client) DeleteWebhook(ctx context.Context, id string) error {
	made := newCall(http.MethodDelete, "webhooks", id)
	made.once = true // a second time it is not found
	return c.do(ctx, made, func(*http.Response) error { return nil })
}

// maxWebhookBytes is more than any event has.
const maxWebhookBytes = 1 << 20

// ReadWebhook is the event that a webhook tells, if VerifyWebhook finds nothing wrong.
func ReadWebhook(r *http.Request, secrets ...string) (Event, error) {
	var event Event
	body, err := io.ReadAll(io.LimitReader(r.Body, maxWebhookBytes))
	if err != nil {
		return event, err
	}
	if err := VerifyWebhook(r.Header, body, time.Now(), secrets...); err != nil {
		return event, err
	}
	return event, json.Unmarshal(body, &event)
}

// WebhookTolerance is how far the time of a webhook may be from the clock of its receiver.
const WebhookTolerance = 5 * time.Minute

// What is wrong with a webhook.
var (
	ErrWebhookHeaders   = errors.New("the webhook lacks a header, or has a malformed one")
	ErrWebhookTime      = errors.New("the webhook is too old, or from the future")
	ErrWebhookSignature = errors.New("no signature of the webhook is right")
)

// VerifyWebhook returns nil if a webhook was signed with one of the secrets (whsec_…) within the last minutes, by the Standard Webhooks
// specification. It has several signatures while a secret is being rotated. The header webhook-id is the same whenever it is
// sent again: a receiver that has it already answers 2xx and does nothing.
func VerifyWebhook(header http.Header, body []byte, now time.Time, secrets ...string) error {
	id, stamp, signatures := header.Get("Webhook-Id"), header.Get("Webhook-Timestamp"), header.Get("Webhook-Signature")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if id == "" || err != nil || signatures == "" {
		return ErrWebhookHeaders
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > WebhookTolerance || age < -WebhookTolerance {
		return ErrWebhookTime
	}
	for _, secret := range secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			return err
		}
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + stamp + "."))
		mac.Write(body)
		if hasSignature(signatures, mac.Sum(nil)) {
			return nil
		}
	}
	return ErrWebhookSignature
}

// hasSignature reports whether one of the signatures, which are divided by spaces, is this one of version 1.
func hasSignature(signatures string, want []byte) bool {
	for one := range strings.SplitSeq(signatures, " ") {
		version, text, _ := strings.Cut(one, ",")
		given, err := base64.StdEncoding.DecodeString(text)
		if version == "v1" && err == nil && hmac.Equal(given, want) {
			return true
		}
	}
	return false
}
