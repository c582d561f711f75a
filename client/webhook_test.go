package client_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"docket/client"
	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// A site tells a receiver of an approval, which reads it with the secret of the webhook.
func TestClient_Webhooks(t *testing.T) {
	t.Parallel()
	loopback := app.Webhooks{Insecure: true, Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	s := testsite.StartWith(t, testdb.New(t), app.Config{Webhooks: loopback})
	c, err := client.New(client.Config{URL: s.URL, Key: s.Key(t, "partner", account.Scopes...)})
	if err != nil {
		t.Fatal(err)
	}
	secret, events := make(chan string, 1), make(chan client.Event, 10)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		known := <-secret
		secret <- known
		event, err := client.ReadWebhook(r, "whsec_b3RoZXI=", known)
		if err != nil {
			t.Errorf("a webhook of docket: %v", err)
		}
		events <- event
	}))
	t.Cleanup(receiver.Close)
	added := must[client.Webhook](t)(c.AddWebhook(t.Context(), receiver.URL, "ticket.approved"))
	secret <- added.Secret
	want := approve(t, c, "ann")
	if got := <-events; got.Type != "ticket.approved" || got.TicketID != want.ID || got.UserID != "ann" || got.Version != 2 || got.UserSeq == 0 {
		t.Errorf("told of %+v, want the approval of %s", got, want.ID)
	}
	rotated := must[client.Webhook](t)(c.RotateWebhook(t.Context(), added.ID))
	all := must[[]client.Webhook](t)(c.Webhooks(t.Context()))
	if rotated.Secret == added.Secret || len(all) != 1 || all[0].ID != added.ID || all[0].OldSecretEndsAt.IsZero() {
		t.Errorf("after the rotation %+v, all are %+v", rotated, all)
	}
	if err := c.DeleteWebhook(t.Context(), added.ID); err != nil {
		t.Error(err)
	}
	if err := c.DeleteWebhook(t.Context(), added.ID); !errors.Is(err, client.NotFound) {
		t.Errorf("deleted again: %v, want %v", err, client.NotFound)
	}
}

// TestVerifyWebhook has webhooks signed by the library of the Standard Webhooks specification.
func TestVerifyWebhook(t *testing.T) {
	t.Parallel()
	secret := func(name string) string {
		return "whsec_" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat(name, 32)))
	}
	now, body := time.Unix(1764000000, 0), []byte(`{"type":"ticket.approved"}`)
	sign := func(at time.Time, secrets ...string) http.Header {
		header, signatures := http.Header{}, []string(nil)
		for _, one := range secrets {
			webhook, err := standardwebhooks.NewWebhook(one)
			if err != nil {
				t.Fatal(err)
			}
			signature, err := webhook.Sign("msg_1", at, body)
			if err != nil {
				t.Fatal(err)
			}
			signatures = append(signatures, signature)
		}
		header.Set("webhook-id", "msg_1")
		header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
		header.Set("webhook-signature", strings.Join(signatures, " "))
		return header
	}
	without := func(name string) http.Header {
		header := sign(now, secret("a"))
		header.Del(name)
		return header
	}
	for name, try := range map[string]struct {
		header  http.Header
		body    []byte
		secrets []string
		want    error
	}{
		"one secret":            {sign(now, secret("a")), body, []string{secret("a")}, nil},
		"rotating at both ends": {sign(now, secret("a"), secret("b")), body, []string{secret("c"), secret("b")}, nil},
		"another secret":        {sign(now, secret("a")), body, []string{secret("b")}, client.ErrWebhookSignature},
		"no secret":             {sign(now, secret("a")), body, nil, client.ErrWebhookSignature},
		"another body":          {sign(now, secret("a")), []byte(`{"type":"ticket.rejected"}`), []string{secret("a")}, client.ErrWebhookSignature},
		"as old as allowed":     {sign(now.Add(-client.WebhookTolerance), secret("a")), body, []string{secret("a")}, nil},
		"too old":               {sign(now.Add(-client.WebhookTolerance-time.Second), secret("a")), body, []string{secret("a")}, client.ErrWebhookTime},
		"from the future":       {sign(now.Add(client.WebhookTolerance+time.Second), secret("a")), body, []string{secret("a")}, client.ErrWebhookTime},
		"no id":                 {without("webhook-id"), body, []string{secret("a")}, client.ErrWebhookHeaders},
		"no time":               {without("webhook-timestamp"), body, []string{secret("a")}, client.ErrWebhookHeaders},
		"no signature":          {without("webhook-signature"), body, []string{secret("a")}, client.ErrWebhookHeaders},
	} {
		if err := client.VerifyWebhook(try.header, try.body, now, try.secrets...); !errors.Is(err, try.want) {
			t.Errorf("%s: %v, want %v", name, err, try.want)
		}
	}
}
