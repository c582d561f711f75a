package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"docket/internal/account"
	"docket/internal/app"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// TestWebhooks_Admin has an admin add a webhook whose receiver answers 500, and look at what became of a test.
func TestWebhooks_Admin(t *testing.T) {
	t.Parallel()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprint(w, "the database of the receiver is away")
	}))
	t.Cleanup(receiver.Close)
	for name, options := range map[string][]option{"desktop": {desktop}, "phone": {phone, dark}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := testsite.StartWith(t, testdb.New(t), app.Config{Webhooks: app.Webhooks{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
			admin, _ := openAs(t, s, "ada", account.Admin, options...)
			admin.visit("/admin")
			admin.follow("Webhooks")
			admin.seeText("There is no webhook yet")
			admin.look("webhooks-none")
			admin.fill("Address", "https://10.0.0.1/hook")
			admin.expectStatus(422)
			admin.press("Add the webhook")
			admin.seeText("not the internet")
			admin.look("webhooks-wrong")
			admin.fill("Address", receiver.URL+"/events")
			admin.press("Add the webhook")
			admin.seeHeading("The secret of the webhook")
			admin.look("webhook-secret")
			admin.follow("Go on to the webhook")
			admin.press("Send a test")
			admin.seeText("A test is under way")
			admin.seeText("Answered 500") // without loading the page again
			admin.look("webhook")
			admin.visit("/admin/webhooks")
			admin.seeText("Fails since")
			admin.look("webhooks")
		})
	}
}
