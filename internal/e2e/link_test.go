package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"docket/internal/account"
	"docket/internal/form"
	"docket/internal/submissionlink"
	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

// addLink makes a submission link for a user by a key of shop.example, and returns its address and its path.
func addLink(t *testing.T, s *testsite.Site, key, user string, settings submissionlink.Settings) (address string, made submissionlink.Link) {
	t.Helper()
	keys := s.Instances[0].Keys
	if _, err := keys.AddWithLimits(t.Context(), key, account.Scopes, account.KeyLimits{ReturnOrigins: []string{"https://shop.example"}}); err != nil {
		t.Fatal(err)
	}
	all, err := keys.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range all {
		if k.Name == key {
			settings.KeyID = k.ID
		}
	}
	settings.UserID = user
	if settings.Life == 0 {
		settings.Life = submissionlink.DefaultLife
	}
	link, token, err := s.Instances[0].Links.Add(t.Context(), settings)
	if err != nil {
		t.Fatal(err)
	}
	return s.URL + "/s/" + token, link
}

// TestLink_OnPhone fills in the form with a link on a phone; an agent decides, and the partner looks the user up.
func TestLink_OnPhone(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
	address, _ := addLink(t, s, "shop", "u-1", submissionlink.Settings{
		ReturnURL: "https://shop.example/done", State: "order-7", Prefill: form.Input{"full_name": {"An Nguyen"}}, Locked: []string{"full_name"},
	})
	p := open(t, address, phone)
	p.look("link-start")
	p.press("Start now")
	p.seeHeading("Photos")
	p.seeText("An Nguyen")
	p.look("link-form")
	p.press("Send")
	p.expectStatus(http.StatusUnprocessableEntity)
	p.seeText("Error")
	p.pick("front", "front.jpg", photo())
	p.seePhoto("front")
	p.look("link-photo")
	p.press("Send")
	p.seeText("Back to shop.example")
	p.look("link-sent")
	p.visit(p.URL())
	p.seeText("Back to shop.example")

	agent := openAsAgent(t, s, "agent")
	agent.press("Take next N")
	agent.press("Approve A")
	agent.seeText("approved")
	p.visit(p.URL())
	p.seeHeading("Approved")
	p.look("link-approved")
	if latestApproved(t, s, "u-1") == nil {
		t.Error("the look-up of the partner's user finds nothing")
	}
}

// TestLink_DesktopToPhone goes on with a phone by the address of the QR code; the page on the desktop goes on by itself.
func TestLink_DesktopToPhone(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
	address, _ := addLink(t, s, "shop", "u-1", submissionlink.Settings{ReturnURL: "https://shop.example/done"})
	p := open(t, address, desktop)
	p.look("link-start")
	p.press("Start now")
	p.seeHeading("Photos")
	p.fill("Full name", "An Nguyen")
	p.look("link-form")
	p.press("Use your phone")
	p.seeHeading("Go on with your phone")
	p.look("link-phone")
	code := strings.Join(strings.Fields(p.text("code.secret >> nth=0")), "")

	second := open(t, address, phone)
	second.expectStatus(http.StatusForbidden)
	second.seeHeading("This form is open in another browser")
	second.look("link-code")
	second.expectStatus(http.StatusForbidden)
	second.visit(address + "?code=" + code)
	second.look("link-scanned")
	second.press("Go on here")
	second.seeHeading("Photos")
	second.seeValue("Full name", "An Nguyen")
	second.pick("front", "front.jpg", photo())
	second.seePhoto("front")
	second.look("link-second")

	p.seePhoto("front") // it went on by itself
	p.seeValue("Full name", "An Nguyen")
	p.press("Send")
	p.seeText("Back to shop.example")
	second.visit(address)
	second.seeText("You can go on in the browser in which you began")
	second.look("link-sent-second")
}

// TestLink_WithoutScript does all of it without a script.
func TestLink_WithoutScript(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
	address, _ := addLink(t, s, "shop", "u-1", submissionlink.Settings{})
	p := open(t, address, noScript)
	p.press("Start now")
	p.fill("Full name", "An Nguyen")
	p.press("Use your phone")
	p.seeHeading("Go on with your phone")
	p.follow("Go on here")
	p.seeValue("Full name", "An Nguyen")
	p.pick("front", "front.jpg", photo())
	p.press("Send")
	p.seeHeading("In review")
}

// TestLink_States shows what a link that has ended says, in light and dark.
func TestLink_States(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, testsite.Form(), 1, testdb.New(t))
	for i, dress := range []option{phone, desktop} {
		for state, change := range map[string]string{
			"expired": "UPDATE submission_links SET expires_at_ms = now_ms() - 1 WHERE id = $1", "revoked": "UPDATE submission_links SET revoked_at_ms = now_ms() WHERE id = $1",
		} {
			address, made := addLink(t, s, fmt.Sprint("shop-", state, i), "u-"+uuid.NewString(), submissionlink.Settings{ReturnURL: "https://shop.example/done"})
			if _, err := s.Instances[0].Primary.Exec(t.Context(), change, made.ID); err != nil {
				t.Fatal(err)
			}
			p := open(t, address, dress, dark)
			p.expectStatus(http.StatusGone)
			p.seeHeading("This link has ended")
			p.look("link-" + state)
		}
	}
	p := open(t, s.URL+"/s/nothing", phone)
	p.expectStatus(http.StatusNotFound)
	p.look("link-unknown")
}
