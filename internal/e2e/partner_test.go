package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"docket/client"
	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestPartner_Link is all that another system does: it makes a link, its user fills in the form on a phone, an agent approves, a signed
// webhook tells it, and it looks the user up.
func TestPartner_Link(t *testing.T) {
	t.Parallel()
	s := testsite.StartWith(t, testdb.New(t), app.Config{
		Form: photoForm(t), Webhooks: app.Webhooks{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}},
	})
	partner, err := client.New(client.Config{URL: s.URL, Key: s.Key(t, "shop", account.Scopes...)})
	if err != nil {
		t.Fatal(err)
	}
	secrets, told := make(chan string, 1), make(chan client.Event, 8)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret := <-secrets
		secrets <- secret
		event, err := client.ReadWebhook(r, secret)
		if err != nil {
			t.Error(err)
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		told <- event
	}))
	t.Cleanup(receiver.Close)
	hook, err := partner.AddWebhook(t.Context(), receiver.URL, "ticket.submitted", "ticket.approved")
	if err != nil {
		t.Fatal(err)
	}
	secrets <- hook.Secret
	link, err := partner.AddLink(t.Context(), client.LinkSettings{UserID: "u-1042", Prefill: map[string]any{"full_name": "An Nguyen"}})
	if err != nil {
		t.Fatal(err)
	}

	p := open(t, link.URL, phone)
	p.press("Start now")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
	p.press("Send")
	p.seeHeading("In review")
	if event := <-told; event.Type != "ticket.submitted" || event.UserID != "u-1042" {
		t.Errorf("told first: %+v", event)
	}
	agent := openAsAgent(t, s, "agent")
	agent.press("Take next N")
	agent.press("Approve A")
	event := <-told
	if event.Type != "ticket.approved" || event.UserID != "u-1042" {
		t.Errorf("told then: %+v", event)
	}
	latest, err := partner.Latest(client.Fresh(t.Context()), "u-1042")
	if err != nil || latest.TicketID != event.TicketID {
		t.Errorf("the look-up has %+v, %v; want ticket %s", latest, err, event.TicketID)
	}
}
