package e2e

import (
	"io"
	"net/http"
	"testing"

	"docket/internal/testkit/testdb"
	"docket/internal/testkit/testsite"
)

func TestDraft_TwoTabs(t *testing.T) {
	t.Parallel()
	s := testsite.Start(t, photoForm(t), 1, testdb.New(t))
	one, _ := openAsCustomer(t, s, "customer")
	two := open(t, s.URL)
	two.signIn("customer@example.com")
	one.visit("/tickets/new")
	two.visit("/tickets/new")
	one.fillAndWaitForDraft("Full name", "Ann One")
	one.fillAndWaitForDraft("Full name", "Ann Lee One") // its own answer is no conflict
	one.seeNoText("changed on another page")

	two.expectStatus(409)
	two.fillAndWaitForDraft("Full name", "Ann Two")
	two.seeText("changed on another page or device")
	two.seeText("Ann Lee One")
	two.seeValue("Full name", "Ann Two")
	two.shot("draft-conflict")
	two.press("Take the other")
	two.seeValue("Full name", "Ann Lee One")

	two.fillAndWaitForDraft("Full name", "Ann Two")
	one.expectStatus(409)
	one.fillAndWaitForDraft("Full name", "Ann Three")
	one.seeText("Ann Two")
	one.press("Keep what is here")
	one.seeNoText("changed on another page")
	one.visit("/tickets/new")
	one.seeValue("Full name", "Ann Three")
}

func TestDraft_RefusedPageStays(t *testing.T) {
	t.Parallel()
	p, _ := openAsCustomer(t, startBehind(t, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodPost || r.URL.Path != "/tickets/new" {
			return false
		}
		w.WriteHeader(http.StatusConflict)
		_, err := io.WriteString(w, `<main id="main">signed in as somebody else</main>`)
		return err == nil
	}), "customer")
	p.visit("/tickets/new")
	p.expectStatus(409)
	p.fillAndWaitForDraft("Full name", "Ann")
	p.fillAndWaitForDraft("Full name", "Ann Lee") // when the first answer was handled
	p.seeValue("Full name", "Ann Lee")
}
